using IncomingCalls;

namespace CallDesk.Status;

/// <summary>An instance, for whoever runs the desk.</summary>
/// <param name="IdInstance">Its number.</param>
/// <param name="Receive">How its notifications come.</param>
/// <param name="LastCallAt">When the desk last wrote something of it, in UTC; null for never.</param>
internal sealed record InstanceStatus(long IdInstance, ReceiveMode Receive, DateTime? LastCallAt);
