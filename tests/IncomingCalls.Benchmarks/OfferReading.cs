using System.Text.Json;
using BenchmarkDotNet.Attributes;
using IncomingCalls.LoadTests;

namespace IncomingCalls.Benchmarks;

/// <summary>The notification that rings: the documented offer.</summary>
[MemoryDiagnoser]
public class OfferReading
{
    private static readonly byte[] Json = SamplePayloads.Offer;

    [Benchmark]
    public NotificationReading Reader() => NotificationReader.Read(Json);

    [Benchmark(Baseline = true)]
    public object? SourceGenerated() => JsonSerializer.Deserialize(Json, BaselineJsonContext.Default.BaselineNotification);

    [Benchmark]
    public bool Document()
    {
        using var document = JsonDocument.Parse(Json);
        return document.RootElement.TryGetProperty("idMessage"u8, out _);
    }

    [Benchmark]
    public long Scan() => BaselineScan.Read(Json);
}
