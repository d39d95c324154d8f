using System.Text.Json;
using BenchmarkDotNet.Attributes;
using IncomingCalls.LoadTests;

namespace IncomingCalls.Benchmarks;

/// <summary>Reading the documented offer.</summary>
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

/// <summary>Reading an outcome with every optional field, including the participants of a group call.</summary>
[MemoryDiagnoser]
public class OutcomeReading
{
    private static readonly byte[] Json = BenchmarkPayloads.FullOutcome;

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

/// <summary>Reading a notification of another type: a picture message of 100 KB without a handler.</summary>
[MemoryDiagnoser]
public class OtherTypeReading
{
    private static readonly byte[] Json = BenchmarkPayloads.OtherType;

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

/// <summary>The lower bound of reading JSON: every token is visited and none is evaluated.</summary>
internal static class BaselineScan
{
    public static long Read(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json);
        while (reader.Read())
        {
            // Empty on purpose: the visit of the token is the baseline.
        }

        return reader.BytesConsumed;
    }
}
