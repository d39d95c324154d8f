using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IncomingCalls.CrashTests;

/// <summary>
/// The crash points inside a transaction. SQLite runs an automatic extension on every connection that a process opens, so that the hooks are
/// also set on the connections of the inbox, without any support by the inbox.
/// </summary>
internal static unsafe partial class TransactionCrashPoints
{
    private static CrashInjector _injector = new(null);

    /// <summary>Registers the hooks. Must be called before the inbox opens its file.</summary>
    public static void Listen(CrashInjector injector)
    {
        _injector = injector;
        if (SetAutoExtension(&Attach) != 0)
        {
            throw new InvalidOperationException("SQLite refused to register the automatic extension that sets the hooks.");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Attach(nint connection, nint error, nint api)
    {
        SetUpdateHook(connection, &OnRowWritten, 0);
        SetCommitHook(connection, &OnCommitRequested, 0);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRowWritten(nint context, int operation, nint database, nint table, long row) => _injector.Reach(CrashLocation.Writing);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnCommitRequested(nint context)
    {
        _injector.Reach(CrashLocation.Committing);
        return 0;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_auto_extension")]
    private static partial int SetAutoExtension(delegate* unmanaged[Cdecl]<nint, nint, nint, int> attach);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_update_hook")]
    private static partial nint SetUpdateHook(nint connection, delegate* unmanaged[Cdecl]<nint, int, nint, nint, long, void> hook, nint context);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_commit_hook")]
    private static partial nint SetCommitHook(nint connection, delegate* unmanaged[Cdecl]<nint, int> hook, nint context);
}

/// <summary>The crash point after a commit, which a metric of the product marks.</summary>
internal static class CommitCrashPoints
{
    public static MeterListener Listen(CrashInjector injector)
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
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => injector.Reach(CrashLocation.Committed));
        listener.Start();
        return listener;
    }
}
