namespace IncomingCalls;

/// <summary>What is decided about a request before its body is read.</summary>
/// <param name="Status">200 when the body may be read, else the answer.</param>
/// <param name="Grant">What the token entitles to; null when refused.</param>
/// <param name="RouteInstance">The instance that the route names; null when it names none.</param>
internal readonly record struct AdmissionResult(int Status, TokenGrant? Grant = null, long? RouteInstance = null)
{
    /// <summary>The instances of which the notification must name one; null when it may name any.</summary>
    public IReadOnlyCollection<long>? Expected => RouteInstance is { } named ? [named] : Grant?.Owners;
}
