// What a suspected cause or a step of the plan rests on.

Extension: RestsOn
Id: rests-on
Title: "Rests on"
Description: "The id of a statement of the rule book; `project` where the project itself says so, without a source."
Context: RiskAssessment.prediction, CarePlan.activity, RequestGroup.action
* insert Published
* value[x] 1..1
* value[x] only code
* value[x] from StatementCodes (required)

Extension: NotExcluded
Id: not-excluded
Title: "Not excluded"
Description: "A dangerous cause that these answers do not exclude, however little speaks for it."
Context: RiskAssessment.prediction
* insert Published
* value[x] 1..1
* value[x] only boolean
* valueBoolean = true
