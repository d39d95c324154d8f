using System.Globalization;
using System.Security.Cryptography;

namespace IncomingCalls.Fuzz;

/// <summary>The command line.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = "Usage: IncomingCalls.Fuzz [reader|api|webhook] [--inputs N] [--seed S]";

    /// <summary>What is tested: <c>reader</c>, <c>api</c> or <c>webhook</c>.</summary>
    public string Target { get; init; } = "reader";

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; init; } = 100_000;

    /// <summary>The seed of all random numbers.</summary>
    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <exception cref="ArgumentException">An argument is unknown, or its number is missing.</exception>
    public static FuzzOptions Parse(IReadOnlyList<string> arguments)
    {
        var hasTarget = arguments is ["reader" or "api" or "webhook", ..];
        var options = hasTarget ? new FuzzOptions { Target = arguments[0] } : new();
        for (var i = hasTarget ? 1 : 0; i < arguments.Count; i += 2)
        {
            var number = i + 1 < arguments.Count && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new ArgumentException($"{arguments[i]} needs a number. {Usage}", nameof(arguments));
            options = arguments[i] switch
            {
                "--inputs" => options with { Inputs = number },
                "--seed" => options with { Seed = number },
                _ => throw new ArgumentException($"{arguments[i]} is not an option. {Usage}", nameof(arguments)),
            };
        }

        return options;
    }
}
