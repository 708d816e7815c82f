// What went into a result: every finding that was known, and every one that was not and would have mattered.

Extension: InputUsed
Id: input-used
Title: "Input used"
Description: "One finding that was known, its value, and who gave it."
Context: RiskAssessment
* insert Published
* extension contains finding 1..1 and value 0..* and from 1..1
* extension[finding].value[x] 1..1
* extension[finding].value[x] only code
* extension[finding].value[x] from FindingCodes (required)
* extension[value] ^short = "The value in the unit of the finding; one per option chosen; none where no option was"
* extension[value].value[x] 1..1
* extension[value].value[x] only boolean or Quantity or integer or decimal or code
* extension[from].extension contains origin 1..1 and linkId 0..* and resource 0..* and finding 0..*
* extension[from].extension[origin].value[x] 1..1
* extension[from].extension[origin].value[x] only code
* extension[from].extension[origin].value[x] from OriginCodes (required)
* extension[from].extension[linkId] ^short = "The question that was answered, or that the form did not show"
* extension[from].extension[linkId].value[x] 1..1
* extension[from].extension[linkId].value[x] only string
* extension[from].extension[resource] ^short = "The resource of the record; one that has neither address nor id is named by its place, as display"
* extension[from].extension[resource].value[x] 1..1
* extension[from].extension[resource].value[x] only Reference
* extension[from].extension[finding] ^short = "The finding that this one follows from"
* extension[from].extension[finding].value[x] 1..1
* extension[from].extension[finding].value[x] only code
* extension[from].extension[finding].value[x] from FindingCodes (required)

Extension: InputMissing
Id: input-missing
Title: "Input missing"
Description: "One finding that is not known, and that an undecided rule asks for. It is never read as absent."
Context: RiskAssessment
* insert Published
* value[x] 1..1
* value[x] only code
* value[x] from FindingCodes (required)
