using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>The command line.</summary>
internal sealed record LoadOptions
{
    public const string Usage = "Usage: IncomingCalls.LoadTests [name …] [--seconds N] [--quick]";

    private const int MaxSeconds = 3600;

    /// <summary>The selected measurements; empty for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The total time for baseline and subject of one measurement, without warm-up.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether to use a tenth of the rows and less time, so that all measurements take at most ten minutes.</summary>
    public bool IsQuick { get; init; }

    /// <summary>The maximum number of windows of a warm-up, which takes about a second and a half per window and server.</summary>
    public int MaxWarmUpWindows => IsQuick ? 6 : 20;

    /// <exception cref="ArgumentException">An option is unknown, or its number is missing or out of range.</exception>
    public static LoadOptions Parse(IReadOnlyList<string> arguments)
    {
        List<string> names = [];
        var isQuick = false;
        TimeSpan? time = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--quick":
                    isQuick = true;
                    break;
                case "--seconds":
                    time = ParseSeconds(++i < arguments.Count ? arguments[i] : "");
                    break;
                case var name when name.StartsWith('-'):
                    throw new ArgumentException($"{name} is not an option. {Usage}", nameof(arguments));
                case var name:
                    names.Add(name);
                    break;
            }
        }

        return new() { Names = names, IsQuick = isQuick, Time = time ?? TimeSpan.FromSeconds(isQuick ? 8 : 30) };
    }

    private static TimeSpan ParseSeconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentException($"--seconds needs a whole number from 1 to {MaxSeconds}. {Usage}");
}
