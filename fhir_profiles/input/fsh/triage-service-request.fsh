Profile: TriageServiceRequest
Parent: ServiceRequest
Id: triage-service-request
Title: "Triage level as a ServiceRequest"
Description: "The level as a proposed first step, with its urgency and its time. A draft and a proposal, never an order; revoked where the response was amended, entered-in-error where it was withdrawn."
* insert Published
* insert NamedAndTold
* extension contains TriageLevel named triage-level 1..1
* obeys draft-or-withdrawn
* status ^short = "draft | revoked | entered-in-error"
* intent = #proposal
* doNotPerform 0..0
* priority 1..1
* code 1..1
* insert OwnCode(code, $activity-codes, ActivityCodes)
* code.text 1..1
* occurrence[x] only Period
* occurrencePeriod.start 1..1
* occurrencePeriod ^short = "From the moment the answers were written, for as long as the level allows"
* authoredOn ^short = "When the answers were written; absent where the response does not say"
* requester 1..1
* insert SoftwareAt(requester)
* supportingInfo 2..*
* supportingInfo ^short = "The RiskAssessment, then the response"
* patientInstruction 1..1
