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

/// <summary>An outcome with every optional field, a group call's members among them.</summary>
[MemoryDiagnoser]
public class OutcomeReading
{
    private static readonly byte[] Json = SamplePayloads.FullOutcome;

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

/// <summary>A picture of 100 KB that comes through the same door, and that nobody here wants.</summary>
[MemoryDiagnoser]
public class OtherTypeReading
{
    private static readonly byte[] Json = SamplePayloads.OtherType;

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
