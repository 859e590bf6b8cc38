"""Kubernetes audit: an event for each stage of each request to the API server that the cluster's audit policy keeps.

What is read from an event, and why:

* Stages of one request have one `auditID` and are one event: RequestReceived, ResponseStarted (of what takes long:
  watch, exec), ResponseComplete, Panic. It begins when the request was received and lasts until the latest stage. A
  client may choose the auditID, so that records are one event only if they are the same operation of the same user.
* `user` asked and, where it impersonates somebody, `impersonatedUser` is whom it asked as: the first is who acts, the
  second the target. What is allowed is what the second may do.
* A credential is known by its own id in `user.extra`: `JTI=` of a service account's token (Kubernetes 1.30 and later),
  `X509SHA256=` of a client certificate (1.32 and later), else the AWS access key behind a token of EKS. A token that
  lies in a secret is known by the secret (1.29 and later) and never ends. Of all others nothing is known but that
  there is one. No end of a token or certificate is told by its use.
* `create serviceaccounts/token` gives a token (`issue`), known by the annotation `issued-credential-id`, so that its
  uses are found; where there is none, by the event. Its end is told where responses are logged. What is put into every
  pod, which asks for 3607 seconds and is bound to the pod, the API server accepts for up to a year, though it states
  the hour: that year is its end at most. Tokens are bound to an audience, and what they open is looked up at each
  request. A secret of type service-account-token is a token for good, where bodies are logged.
* Status 401 and 403 refuse, 429 turns away; of 5xx nothing is decided; all others let in, also where they then fail for
  what was asked. What the authorizers let through and admission then stops is a 403 too, and not for who asked.
* A pod, told by its token, is the session; on EKS else the session of AWS.
* `sourceIPs`: all but the last are what the client says, so that the last counts. It may be a proxy.

An atom is an access level on a kind of resource in one namespace, since that is what a role in Kubernetes allows:
"secrets in acme". In all namespaces at once, or outside them, it is "secrets".

What the log cannot say, and is left open: tasks and intents; what a credential allows; requests that the audit policy
leaves out, and which these are, so that nothing can be concluded from what is not there; tokens ended with their pod or
service account, and certificates issued, which no event names; what a user does inside a container. Users that are not
service accounts may be people or programs: the log does not tell, and they are called services. Records of
audit.k8s.io/v1alpha1 and v1beta1 have times in whole seconds, all others in microseconds.

No event says of which cluster it is: whoever ingests those of several at once takes what is called alike for one.

Events come a line each, in an EventList, or as text: in records of CloudWatch Logs (subscription, FilterLogEvents,
export to S3), of Azure Monitor (kube-audit), of collectors of container logs. What of these belongs to other logs of
the control plane is silent.

Source: Kubernetes reference, "kube-apiserver Audit Configuration (v1)", "Audit Annotations", "Authenticating",
"Managing Service Accounts", "kube-apiserver"; API concepts of TokenRequest (authentication.k8s.io/v1); KEP-4193,
"bound service account token improvements"; AWS, "Send control plane logs to CloudWatch Logs"; Azure, "Resource logs".
"""
