// Why a result is what it is: one extension per rule that fired, or that is undecided and could raise the level.

Extension: Trace
Id: trace
Title: "Trace of a rule"
Description: "One rule that fired, or one that is undecided and could raise the level: by which answers, and by whose statements. Only where the rule is undecided do `finding` and `linkId` name what was not answered."
Context: RiskAssessment
* insert Published
* extension contains
    rule 1..1 and
    verdict 1..1 and
    finding 0..* and
    linkId 0..* and
    statement 1..* and
    source-level 0..*
* extension[rule].value[x] 1..1
* extension[rule].value[x] only code
* extension[rule].value[x] from RuleCodes (required)
* extension[verdict].value[x] 1..1
* extension[verdict].value[x] only code
* extension[verdict].value[x] from VerdictCodes (required)
* extension[finding] ^short = "A finding that made the rule fire, or that would decide it"
* extension[finding].value[x] 1..1
* extension[finding].value[x] only code
* extension[finding].value[x] from FindingCodes (required)
* extension[linkId] ^short = "The question behind a finding"
* extension[linkId].value[x] 1..1
* extension[linkId].value[x] only string
* extension[statement] ^short = "The id of a statement that the rule rests on"
* extension[statement].value[x] 1..1
* extension[statement].value[x] only code
* extension[statement].value[x] from StatementCodes (required)
* extension[source-level] ^short = "The level that one source asks for here"
* extension[source-level].extension contains source 1..1 and level 1..1
* extension[source-level].extension[source].value[x] 1..1
* extension[source-level].extension[source].value[x] only code
* extension[source-level].extension[source].value[x] from SourceCodes (required)
* extension[source-level].extension[level].value[x] 1..1
* extension[source-level].extension[level].value[x] only code
* extension[source-level].extension[level].value[x] from TriageLevelCodes (required)
