// What every definition says of itself: a draft, until a clinician has reviewed the rules.

RuleSet: Published
* ^experimental = true
* ^date = "2026-11-21"
* ^publisher = "Upper back triage project"

// What all results have in common.

RuleSet: NamedAndTold
* meta.profile 1..*
* text 1..1
* modifierExtension 0..0
* identifier 1..1
* identifier.system 1..1
* identifier.value 1..1
* subject only Reference(Patient)
* subject ^short = "The patient; data-absent-reason where the response names none"

Invariant: draft-or-withdrawn
Description: "The status is draft; revoked or entered-in-error where it no longer stands. It is never active."
Severity: #error
Expression: "status = 'draft' or status = 'revoked' or status = 'entered-in-error'"

RuleSet: SoftwareAt(path)
* {path} only Reference(Device)
* {path}.identifier 1..1
* {path}.display 1..1
* {path}.display ^short = "The software and its version"

// Our own code first in meaning; codes of other systems may stand beside it.

RuleSet: OwnCode(path, system, codes)
* {path}.coding 1..*
* {path}.coding ^slicing.discriminator.type = #value
* {path}.coding ^slicing.discriminator.path = "system"
* {path}.coding ^slicing.rules = #open
* {path}.coding contains own 1..1
* {path}.coding[own].system 1..1
* {path}.coding[own].system = {system}
* {path}.coding[own].code 1..1
* {path}.coding[own].display 1..1
* {path}.coding[own] from {codes} (required)
