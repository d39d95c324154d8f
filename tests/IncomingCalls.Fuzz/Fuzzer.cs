using System.Collections.Concurrent;
using IncomingCalls.Fuzz.Targets;

namespace IncomingCalls.Fuzz;

/// <summary>Gives mutated documents to a target. Input number N of a seed is the same in every run.</summary>
internal sealed class Fuzzer(FuzzOptions options)
{
    /// <summary>More faults would say the same again.</summary>
    private const int MaxFaults = 20;

    public async Task<FuzzReport> RunAsync()
    {
        await using var target = await FuzzTarget.StartAsync(options.Target);
        ConcurrentQueue<FuzzFault> faults = [];
        ConcurrentDictionary<string, int> kinds = [];
        await Parallel.ForAsync(0, options.Inputs, async (number, _) =>
        {
            if (faults.Count >= MaxFaults)
            {
                return;
            }

            var mutator = new Mutator(unchecked((options.Seed * 31) + number));
            var input = mutator.Mutate(target.Documents);
            var (kind, fault) = await target.CheckAsync(input, mutator.Random);
            kinds.AddOrUpdate(kind, 1, static (_, count) => count + 1);
            if (fault is not null)
            {
                faults.Enqueue(new(number, input, fault));
            }
        });
        if (await target.CheckAfterwardsAsync() is { } last)
        {
            faults.Enqueue(new(options.Inputs, [], last));
        }

        return new() { Seed = options.Seed, Kinds = kinds, Faults = [.. faults.OrderBy(fault => fault.Number)] };
    }
}

/// <summary>The result of a run.</summary>
internal sealed class FuzzReport
{
    public required int Seed { get; init; }

    /// <summary>How many inputs led to each kind of result. A mutator that breaks everything would test little.</summary>
    public required IReadOnlyDictionary<string, int> Kinds { get; init; }

    public required IReadOnlyList<FuzzFault> Faults { get; init; }

    public int Inputs => Kinds.Values.Sum();
}

/// <summary>An input with a wrong result.</summary>
internal sealed record FuzzFault(int Number, byte[] Input, string Text);
