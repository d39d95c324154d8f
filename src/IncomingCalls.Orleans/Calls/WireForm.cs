
namespace IncomingCalls;

/// <summary>A model of the core on its way between nodes, in the core's own JSON form: nodes of two versions understand each other.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.WireForm`1")]
internal sealed class WireForm<T>
{
    [Id(0)]
    public required byte[] Utf8Json { get; init; }

    public static WireForm<T> Of(T value) => new() { Utf8Json = CoreForm<T>.Write(value) };

    public T Read() => CoreForm<T>.Read(Utf8Json);
}
