namespace IncomingCalls.LoadTests;

/// <summary>The bytes that reading an offer allocates. They are counted, not timed, so no alternation is needed.</summary>
internal sealed class ParseBytes : Measurement
{
    private const int Calls = 10_000;
    private static readonly Budget Budget = Budget.AtMost(450, unit: "bytes");

    public override string Name => "parse.bytes";

    public override Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            NotificationReader.Read(SamplePayloads.Offers[i % SamplePayloads.Offers.Count]);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls;
        return Task.FromResult<IReadOnlyList<Figure>>([new() { Name = Name, Value = bytes, Budget = Budget, Detail = $"{SamplePayloads.Offer.Length} bytes of JSON" }]);
    }
}
