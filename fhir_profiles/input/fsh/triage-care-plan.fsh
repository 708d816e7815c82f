Profile: TriageCarePlan
Parent: CarePlan
Id: triage-care-plan
Title: "Triage as a CarePlan"
Description: "What a clinician may consider: the level first, then what the sources suggest, then what must not be done. A draft and a proposal, never an order; revoked where the response was amended, entered-in-error where it was withdrawn."
* insert Published
* insert NamedAndTold
* extension contains TriageLevel named triage-level 1..1
* obeys level-comes-first and draft-or-withdrawn
* instantiatesCanonical 1..1
* instantiatesCanonical ^short = "The PlanDefinition of the rules, with its version"
* replaces ^short = "The plan of an earlier version of the response, which is then revoked"
* status ^short = "draft | revoked | entered-in-error"
* intent = #proposal
* category 1..1
* title 1..1
* title ^short = "The level in words"
* description 1..1
* description ^short = "The level in words, then what to do first"
* created ^short = "When the answers were written; absent where the response does not say"
* author 1..1
* insert SoftwareAt(author)
* supportingInfo 2..*
* supportingInfo ^short = "The RiskAssessment, then the response"
* note 1..*
* activity 1..*
* activity ^short = "The level as a ServiceRequest first; each of the others says itself what it is"
* activity.extension contains RestsOn named rests-on 0..*
* activity.outcomeCodeableConcept 0..0
* activity.outcomeReference 0..0
* activity.progress 0..0
* activity.reference only Reference(TriageServiceRequest)
* activity.detail.code 1..1
* insert OwnCode(activity.detail.code, $activity-codes, ActivityCodes)
* activity.detail.code.text 1..1
* activity.detail.status = #not-started
* activity.detail.description 1..1

Invariant: level-comes-first
Description: "The first activity, and no other, refers to the ServiceRequest of the level."
Severity: #error
Expression: "activity.first().reference.exists() and activity.tail().reference.empty()"
