using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace IncomingCalls.Fuzz;

/// <summary>
/// Reads mutated notifications with <see cref="NotificationReader"/> and with <see cref="ReferenceReader"/>, and compares the results. Input number N of a
/// seed is the same in every run.
/// </summary>
internal sealed class Fuzzer(FuzzOptions options)
{
    /// <summary>More faults would say the same again.</summary>
    private const int MaxFaults = 20;

    public FuzzReport Run()
    {
        var seeds = NotificationCorpus.Read();
        ConcurrentQueue<FuzzFault> faults = [];
        var kinds = new int[Enum.GetValues<NotificationKind>().Length];
        Parallel.For(0, options.Inputs, number =>
        {
            if (faults.Count >= MaxFaults)
            {
                return;
            }

            var input = new Mutator(unchecked((options.Seed * 31) + number)).Mutate(seeds);
            var (kind, difference) = Compare(input);
            Interlocked.Increment(ref kinds[(int)kind]);
            if (difference is not null)
            {
                faults.Enqueue(new(number, input, difference));
            }
        });

        return new()
        {
            Seed = options.Seed,
            Inputs = kinds.Sum(),
            Kinds = Enum.GetValues<NotificationKind>().ToDictionary(kind => kind, kind => kinds[(int)kind]),
            Faults = [.. faults.OrderBy(fault => fault.Number)],
        };
    }

    /// <summary>Reads an input in both ways; returns the kind, and how the results differ, null when they do not.</summary>
    internal static (NotificationKind Kind, string? Difference) Compare(byte[] input)
    {
        NotificationReading actual;
        try
        {
            actual = NotificationReader.Read(input);
        }
        catch (Exception e)
        {
            return (NotificationKind.NotANotification, $"the reader threw {e}");
        }

        var (expected, found) = (ReferenceReader.Read(input), ReferenceReading.Create(actual));
        return (actual.Kind, expected == found ? null : $"expected {expected}, but the reader found {found}");
    }
}

/// <summary>The result of a run.</summary>
internal sealed class FuzzReport
{
    public required int Seed { get; init; }

    public required int Inputs { get; init; }

    /// <summary>How many inputs were read as each kind. A mutator that breaks everything would test little.</summary>
    public required IReadOnlyDictionary<NotificationKind, int> Kinds { get; init; }

    public required IReadOnlyList<FuzzFault> Faults { get; init; }
}

/// <summary>An input that the readers disagree about.</summary>
internal sealed record FuzzFault(int Number, byte[] Input, string Text);

/// <summary>The command line.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = "Usage: IncomingCalls.Fuzz [--inputs N] [--seed S]";

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; init; } = 100_000;

    /// <summary>The seed of all random numbers.</summary>
    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <exception cref="ArgumentException">An argument is unknown, or its number is missing.</exception>
    public static FuzzOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new FuzzOptions();
        for (var i = 0; i < arguments.Count; i += 2)
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
