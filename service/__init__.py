"""Upper back pain triage: a QuestionnaireResponse in, a RiskAssessment and a CarePlan proposal out."""

__version__ = "0.1.0"
