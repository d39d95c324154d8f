namespace IncomingCalls;

/// <summary>A model of the core on its way between nodes, in the core's own JSON: nodes of two versions understand each other.</summary>
/// <remarks>Not generic, since Orleans takes only types it knows over the wire, and the core does not know Orleans.</remarks>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.WireForm")]
internal sealed class WireForm
{
    [Id(0)]
    public required byte[] Utf8Json { get; init; }

    public static WireForm Of<T>(T value) => new() { Utf8Json = CoreForm<T>.Write(value) };

    public T Read<T>() => CoreForm<T>.Read(Utf8Json);
}
