// What a result is: level, ceiling, policy, rule book, scope.

Extension: TriageLevel
Id: triage-level
Title: "Triage level"
Description: "How soon the person should be seen, and by whom: the level that stands."
Context: RiskAssessment, CarePlan, ServiceRequest
* insert Published
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from TriageLevelCodes (required)
* valueCodeableConcept.text 1..1

Extension: TriageCeiling
Id: triage-ceiling
Title: "Triage ceiling"
Description: "The highest level that the open questions could still lead to. It equals the level where nothing that could raise it is open."
Context: RiskAssessment
* insert Published
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from TriageLevelCodes (required)
* valueCodeableConcept.text 1..1

Extension: PolicyInUse
Id: policy
Title: "Policy"
Description: "Which statements counted where sources disagree, and who signed that choice for this installation."
Context: RiskAssessment
* insert Published
* extension contains code 1..1 and signedBy 0..1 and signedOn 0..1
* extension[code].value[x] 1..1
* extension[code].value[x] only code
* extension[code].value[x] from PolicyCodes (required)
* extension[signedBy].value[x] 1..1
* extension[signedBy].value[x] only string
* extension[signedOn].value[x] 1..1
* extension[signedOn].value[x] only date

Extension: RuleBookInUse
Id: rule-book
Title: "Rule book"
Description: "The version of the rules, and the SHA-256 of their content, in hexadecimal."
Context: RiskAssessment
* insert Published
* extension contains version 1..1 and sha256 1..1
* extension[version].value[x] 1..1
* extension[version].value[x] only string
* extension[sha256].value[x] 1..1
* extension[sha256].value[x] only string
* extension[sha256].valueString obeys digest-is-sha256

Extension: ScopeOfComplaint
Id: scope
Title: "Scope"
Description: "Whether the complaint is one that the rules are about. Out of scope, danger signs still count, and no causes and no self-care are given."
Context: RiskAssessment
* insert Published
* value[x] 1..1
* value[x] only code
* value[x] from ScopeCodes (required)

Invariant: digest-is-sha256
Description: "A SHA-256 is 64 hexadecimal digits."
Severity: #error
Expression: "$this.matches('^[0-9a-f]{64}$')"
