namespace IncomingCalls.Fuzz.Targets;

/// <summary>A part of the product that reads documents of others. Thread-safe.</summary>
internal abstract class FuzzTarget : IAsyncDisposable
{
    /// <summary>The documents that are mutated.</summary>
    public abstract IReadOnlyList<byte[]> Documents { get; }

    public static async Task<FuzzTarget> StartAsync(string name) => name switch
    {
        "reader" => new ReaderTarget(),
        "api" => new ApiTarget(),
        "webhook" => await WebhookTarget.StartAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The target is not known."),
    };

    /// <summary>Gives an input to the target.</summary>
    /// <param name="input">The input.</param>
    /// <param name="random">Decides what else varies.</param>
    /// <returns>The kind of the result, and what is wrong with it; null when nothing is.</returns>
    public abstract ValueTask<(string Kind, string? Fault)> CheckAsync(byte[] input, Random random);

    /// <summary>Finds what is wrong with the target after all inputs; null when nothing is.</summary>
    public virtual Task<string?> CheckAfterwardsAsync() => Task.FromResult<string?>(null);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
