namespace IncomingCalls;

/// <summary>What is decided about a request before its body is read.</summary>
/// <param name="Status">200 when the body may be read, else the answer.</param>
/// <param name="Grant">What the token entitles to; null when refused.</param>
/// <param name="RouteInstance">The instance that the route names; null when it names none.</param>
internal readonly record struct Admission(int Status, TokenGrant? Grant = null, long? RouteInstance = null)
{
    /// <summary>The instance that the notification must name; null when it may name any.</summary>
    public long? Expect(ReadOnlyMemory<byte> utf8Json) => RouteInstance ?? Grant?.Expect(utf8Json.Span);
}
