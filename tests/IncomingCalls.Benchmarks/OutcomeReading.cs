using System.Text.Json;
using BenchmarkDotNet.Attributes;
using IncomingCalls.LoadTests;

namespace IncomingCalls.Benchmarks;

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
