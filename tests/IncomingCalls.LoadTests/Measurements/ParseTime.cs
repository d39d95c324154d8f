using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>The time to read an offer, compared with another reader.</summary>
/// <param name="name">The name of the figure.</param>
/// <param name="goal">The goal of the figure.</param>
/// <param name="baseline">The other reader.</param>
/// <param name="isSpeedUp">Whether the figure is the time of the baseline divided by ours; otherwise it is our time divided by that of the baseline.</param>
internal sealed class ParseTime(string name, Goal goal, Action<byte[]> baseline, bool isSpeedUp) : Measurement
{
    public override string Name => name;

    public override Goal Goal => goal;

    public override Task<Figure> RunAsync(LoadOptions options)
    {
        var (first, second) = (0, 0);
        var pairs = AlternatingTimer.Measure(
            () => baseline(SamplePayloads.Offers[first++ % SamplePayloads.Offers.Count]),
            () => NotificationReader.Read(SamplePayloads.Offers[second++ % SamplePayloads.Offers.Count]),
            options.Time);
        var ratio = Ratio.FromPairs(pairs.Select(pair => isSpeedUp ? pair.Baseline / pair.Subject : pair.Subject / pair.Baseline));
        var detail = string.Create(
            CultureInfo.InvariantCulture,
            $"{Ratio.FromPairs(pairs.Select(pair => pair.Subject)).Median:0} ns against {Ratio.FromPairs(pairs.Select(pair => pair.Baseline)).Median:0} ns");
        return Task.FromResult(Figure.FromRatio(Name, Goal, ratio, detail));
    }
}

/// <summary>The bytes that reading an offer allocates. They are counted, not timed, so no alternation is needed.</summary>
internal sealed class ParseBytes : Measurement
{
    private const int Calls = 10_000;

    public override string Name => "parse.bytes";

    public override Goal Goal => Goal.AtMost(400);

    public override Task<Figure> RunAsync(LoadOptions options)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            NotificationReader.Read(SamplePayloads.Offers[i % SamplePayloads.Offers.Count]);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls;
        return Task.FromResult(new Figure { Name = Name, Value = bytes, Goal = Goal, Detail = $"{SamplePayloads.Offer.Length} bytes of JSON" });
    }
}
