// One value set per code system of this project that results use; those of the questions are made by `triage profiles build`. The codes themselves follow from the rule book: `triage profiles build`.

ValueSet: TriageLevelCodes
Id: triage-level
Title: "Triage levels"
Description: "How soon a person should be seen, and by whom."
* insert Published
* include codes from system $triage-level-codes

ValueSet: CauseCodes
Id: cause
Title: "Causes"
Description: "Causes that a result may name as suspected, never as confirmed."
* insert Published
* include codes from system $cause-codes

ValueSet: ActivityCodes
Id: activity
Title: "Activities"
Description: "What a plan may suggest, or say must not be done."
* insert Published
* include codes from system $activity-codes

ValueSet: PatternFitCodes
Id: pattern-fit
Title: "How well a pattern fits"
Description: "How well the answers fit the pattern of a cause that a source describes."
* insert Published
* include codes from system $pattern-fit-codes

ValueSet: LikelihoodCodes
Id: likelihood
Title: "Likelihood"
Description: "The only two likelihoods that a result may give a cause: no source gives a probability."
* insert Published
* $risk-probability#low
* $risk-probability#moderate

ValueSet: FindingCodes
Id: finding
Title: "Findings"
Description: "What can be known of a patient."
* insert Published
* include codes from system $finding-codes

ValueSet: VerdictCodes
Id: verdict
Title: "Verdicts"
Description: "What a rule of the trace came to."
* insert Published
* include codes from system $verdict-codes

ValueSet: ScopeCodes
Id: scope
Title: "Scope"
Description: "Whether the complaint is one that the rules are about."
* insert Published
* include codes from system $scope-codes

ValueSet: OriginCodes
Id: origin
Title: "Origins"
Description: "Who gave a fact."
* insert Published
* include codes from system $origin-codes

ValueSet: PolicyCodes
Id: policy
Title: "Policies"
Description: "Which statements count where sources disagree."
* insert Published
* include codes from system $policy-codes

ValueSet: SourceCodes
Id: source
Title: "Sources"
Description: "Who says something: an article, a guideline, or this project itself."
* insert Published
* include codes from system $source-codes

ValueSet: RuleCodes
Id: rule
Title: "Rules"
Description: "The rules that a trace names."
* insert Published
* include codes from system $rule-codes

ValueSet: StatementCodes
Id: statement
Title: "Statements"
Description: "What sources say, and what this project adds; the trace and the plan name what they rest on."
* insert Published
* include codes from system $statement-codes

ValueSet: MethodCodes
Id: method
Title: "Methods"
Description: "How a result was made."
* insert Published
* include codes from system $method-codes
