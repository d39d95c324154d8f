using System.Diagnostics.Metrics;

namespace IncomingCalls.CrashTests;

/// <summary>The point after a commit, which the product's meter tells.</summary>
internal static class CommitCrashPoints
{
    public static MeterListener Listen(CrashInjector death)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Name == "incoming_calls.inbox.commit.duration")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => death.Reach(CrashLocation.Committed));
        listener.Start();
        return listener;
    }
}
