using System.Runtime.CompilerServices;

namespace IncomingCalls.Handling;

/// <summary>The rules of the names of destinations and of the partitions of rate limits, which are stored and shown to operators.</summary>
internal static class DestinationName
{
    private const int MaxLength = 200;

    /// <exception cref="ArgumentException">The name is empty, too long, or has characters that cannot be stored.</exception>
    public static void ThrowIfInvalid(string name, [CallerArgumentExpression(nameof(name))] string? parameter = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name, parameter);
        if (!IsValid(name))
        {
            throw new ArgumentException($"A destination has 1 to {MaxLength} characters and no control characters. Use a short stable name such as bitrix24:portal-7.", parameter);
        }
    }

    /// <summary>Returns whether a name can be stored by every inbox.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && !name.Any(static character => char.IsControl(character) || char.IsSurrogate(character));
}
