namespace IncomingCalls.Testing;

/// <summary>What the next requests of a method get instead of their answer.</summary>
/// <param name="StatusCode">The status; null for a request that is carried out and whose answer is lost.</param>
/// <param name="Body">The body.</param>
internal sealed record Fault(int? StatusCode, string Body);
