Profile: TriageRiskAssessment
Parent: RiskAssessment
Id: triage-risk-assessment
Title: "Triage as a RiskAssessment"
Description: "The level with its whole trace, the suspected causes, and what to do first. A proposal for a clinician to judge, not a diagnosis; no clinician has reviewed the rules behind it."
* insert Published
* insert NamedAndTold
* extension contains
    TriageLevel named triage-level 1..1 and
    TriageCeiling named triage-ceiling 1..1 and
    PolicyInUse named policy 1..1 and
    RuleBookInUse named rule-book 1..1 and
    ScopeOfComplaint named scope 1..1 and
    Trace named trace 0..* and
    InputUsed named input-used 0..* and
    InputMissing named input-missing 0..*
* obeys status-is-of-a-triage and out-of-scope-names-no-cause
* status ^short = "preliminary | final | amended | entered-in-error"
* status ^definition = "Final means that every question that could raise the level is answered. It does not mean that a clinician has seen the result. Amended is the result of a later version of the response; entered-in-error that of a response that was withdrawn."
* method 1..1
* method from MethodCodes (required)
* occurrence[x] only dateTime
* occurrence[x] ^short = "When the answers were written; absent where the response does not say"
* performer 1..1
* insert SoftwareAt(performer)
* basis 1..*
* basis ^short = "The response first, then the resources of the record that were used"
* mitigation 1..1
* mitigation ^short = "The level in words, then what to do, then what must not be done"
* note 1..*
* prediction obeys dangerous-cause-is-never-low
* prediction.extension contains RestsOn named rests-on 1..* and NotExcluded named not-excluded 0..1
* prediction.outcome 1..1
* insert OwnCode(prediction.outcome, $cause-codes, CauseCodes)
* prediction.outcome.text 1..1
* prediction.outcome.text ^short = "The cause, and that it is not confirmed"
* prediction.probability[x] 0..0
* prediction.relativeRisk 0..0
* prediction.when[x] 0..0
* prediction.qualitativeRisk 1..1
* prediction.qualitativeRisk.coding 2..2
* prediction.qualitativeRisk.coding ^slicing.discriminator.type = #value
* prediction.qualitativeRisk.coding ^slicing.discriminator.path = "system"
* prediction.qualitativeRisk.coding ^slicing.rules = #closed
* prediction.qualitativeRisk.coding ^slicing.ordered = true
* prediction.qualitativeRisk.coding contains fit 1..1 and likelihood 1..1
* prediction.qualitativeRisk.coding[fit].system 1..1
* prediction.qualitativeRisk.coding[fit].system = $pattern-fit-codes
* prediction.qualitativeRisk.coding[fit] from PatternFitCodes (required)
* prediction.qualitativeRisk.coding[likelihood].system 1..1
* prediction.qualitativeRisk.coding[likelihood].system = $risk-probability
* prediction.qualitativeRisk.coding[likelihood] from LikelihoodCodes (required)
* prediction.rationale 1..1

Invariant: status-is-of-a-triage
Description: "The status is preliminary, final, amended or entered-in-error."
Severity: #error
Expression: "status = 'preliminary' or status = 'final' or status = 'amended' or status = 'entered-in-error'"

Invariant: out-of-scope-names-no-cause
Description: "Out of scope, no cause is suspected."
Severity: #error
Expression: "extension('https://w3id.org/upper-back-triage/StructureDefinition/scope').exists(value = 'out') implies prediction.empty()"

Invariant: dangerous-cause-is-never-low
Description: "A dangerous cause, which is never excluded, is never of low likelihood."
Severity: #error
Expression: "extension('https://w3id.org/upper-back-triage/StructureDefinition/not-excluded').exists() implies qualitativeRisk.coding.where(code = 'low').empty()"
