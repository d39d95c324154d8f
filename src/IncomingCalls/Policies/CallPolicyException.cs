namespace IncomingCalls;

/// <summary>The policy failed; the message names it and the type of its exception, and nothing of the notification.</summary>
internal sealed class CallPolicyException(string message, Exception innerException) : Exception(message, innerException);
