using System.Text.Json;
using BenchmarkDotNet.Attributes;
using IncomingCalls.LoadTests;

namespace IncomingCalls.Benchmarks;

/// <summary>The notification that rings: the documented offer.</summary>
[MemoryDiagnoser]
public class OfferReading
{
    private static readonly byte[] Json = Bodies.Offer;

    [Benchmark]
    public NotificationReading Ours() => NotificationReader.Read(Json);

    [Benchmark(Baseline = true)]
    public object? SourceGenerated() => JsonSerializer.Deserialize(Json, TwinContext.Default.TwinNotification);

    [Benchmark]
    public bool Document()
    {
        using var document = JsonDocument.Parse(Json);
        return document.RootElement.TryGetProperty("idMessage"u8, out _);
    }

    [Benchmark]
    public long Scan() => BareScan.Read(Json);
}
