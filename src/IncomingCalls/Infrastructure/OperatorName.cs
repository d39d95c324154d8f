namespace IncomingCalls.Infrastructure;

/// <summary>The name of who takes an administrative action.</summary>
internal static class OperatorName
{
    private const int MaxLength = 200;

    /// <summary>Validates a name; returns null when it is not known.</summary>
    /// <exception cref="ArgumentException">The name is too long.</exception>
    public static string? Require(string? performedBy) => string.IsNullOrWhiteSpace(performedBy) ? null
        : performedBy.Length <= MaxLength ? performedBy
        : throw new ArgumentException($"The name of who takes the action has more than {MaxLength} characters.", nameof(performedBy));
}
