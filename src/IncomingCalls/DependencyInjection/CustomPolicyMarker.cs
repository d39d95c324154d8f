namespace IncomingCalls;

/// <summary>
/// Stands among the services where the host brought its own policy. The policy itself may need the options, so their
/// validation cannot ask for it.
/// </summary>
internal sealed class CustomPolicyMarker;
