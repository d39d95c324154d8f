namespace IncomingCalls.Testing;

/// <summary>Where the notifications of an instance are posted.</summary>
/// <param name="Url">The address.</param>
/// <param name="Client">The client of a host in memory; null to go over the network.</param>
internal sealed record PushTarget(Uri Url, HttpClient? Client);
