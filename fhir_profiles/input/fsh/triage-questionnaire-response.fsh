Profile: TriageQuestionnaireResponse
Parent: QuestionnaireResponse
Id: triage-questionnaire-response
Title: "Answers about upper back pain"
Description: "A response to the Questionnaire upper-back-pain that is triaged. What is not answered is unknown, never absent. Without a subject it is triaged with a warning, and cannot be stored."
* insert Published
* obeys nothing-modifies-the-answers
* modifierExtension 0..0
* questionnaire 1..1
* questionnaire obeys questionnaire-is-ours
* questionnaire ^short = "The Questionnaire with its version; without one it is read as the current version, with a warning"
* subject only Reference(Patient)
* authored ^short = "Without it the answers count as old"

Invariant: questionnaire-is-ours
Description: "The Questionnaire is upper-back-pain, with or without a version."
Severity: #error
Expression: "$this.matches('^https://w3id[.]org/upper-back-triage/Questionnaire/upper-back-pain([|].+)?$')"

Invariant: nothing-modifies-the-answers
Description: "An extension that could change what an answer means is not understood, and refused."
Severity: #error
Expression: "repeat(item | answer).modifierExtension.empty()"
