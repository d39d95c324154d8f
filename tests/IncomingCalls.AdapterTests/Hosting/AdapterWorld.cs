using IncomingCalls.Fakes.Crm;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.AdapterTests.Hosting;

/// <summary>A simulated clock, and one process after another on one SQLite file. Not thread-safe.</summary>
internal sealed class AdapterWorld : CampaignWorld
{
    /// <summary>What happens in one step happens at the same time of the clock.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    /// <summary>The step of an advance of at least <see cref="LongAdvance"/>. What is due starts so much later at most.</summary>
    private static readonly TimeSpan LongStep = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongAdvance = TimeSpan.FromMinutes(10);

    /// <summary>How long a killed process may take to stop, in real time, until what waits for the clock must be released.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(500);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-adapter-");
    private readonly List<(DateTimeOffset, KillPlace)> _kills = [];
    private readonly ILoggerProvider? _logs;
    private AdapterProcess? _process;

    private AdapterWorld(CrmServer server, FakeTimeProvider time, ILoggerProvider? logs)
        : base(server) => (Time, _logs) = (time, logs);

    public FakeTimeProvider Time { get; }

    public AdapterProcess Process => _process!;

    public override DateTimeOffset Now => Time.GetUtcNow();

    public override ICallInboxAdministration Administration => Process.Administration;

    public override IReadOnlyList<(DateTimeOffset Time, KillPlace Place)> Kills => _kills;

    public override TimeSpan Precision => Step;

    public override TimeSpan MaxDelay => TimeSpan.FromSeconds(15);

    public override TimeSpan MaxAttempt => TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long attempts may do nothing, in real time, before that counts as a wait for the clock: for an answer that the server delays, or for a refresh by another attempt. A test that
    /// delays answers sets a shorter one, since it waits so long in every step.
    /// </summary>
    public TimeSpan MaxStall { get; set; } = TimeSpan.FromSeconds(2);

    public static async Task<AdapterWorld> CreateAsync(ILoggerProvider? logs = null)
    {
        var time = new FakeTimeProvider(new(2026, 10, 7, 9, 0, 0, TimeSpan.Zero));
        return new(await CrmServer.StartAsync(options => options.TimeProvider = time), time, logs);
    }

    public override async Task StartAsync()
    {
        var path = Path.Combine(_folder.FullName, "calls.db");
        _process = await AdapterProcess.StartAsync("process", Table, Time, calls => calls.UseSqliteInbox(options => (options.Path, options.LockTimeout) = (path, TimeSpan.Zero)), _logs);
    }

    public override async Task AcceptAsync(IncomingCallNotification notification) => await Process.AcceptAsync(notification);

    public override void Kill(KillPlan? plan)
    {
        if (plan is null)
        {
            Process.Life.Kill();
        }
        else
        {
            Process.Life.Plan(plan);
        }
    }

    /// <summary>Ends the process without a drain, and starts the next one.</summary>
    public async Task KillAsync()
    {
        var time = Now;
        await StopAsync();
        _kills.Add((time, await Process.Life.Ended));
        await StartAsync();
    }

    /// <summary>Advances the clock, and replaces a process that was killed.</summary>
    public override async Task AdvanceAsync(TimeSpan duration)
    {
        var end = Now + duration;
        var step = duration < LongAdvance ? Step : LongStep;
        while (true)
        {
            await SettleAsync();
            if (Process.Life.HasEnded)
            {
                await KillAsync();
            }
            else if (Now >= end)
            {
                return;
            }
            else
            {
                Time.Advance(step < end - Now ? step : end - Now);
            }
        }
    }

    /// <summary>Advances the clock until a condition holds; not for longer than a day.</summary>
    public async Task AdvanceUntilAsync(Func<bool> holds)
    {
        var end = Now.AddDays(1);
        while (!holds() && Now < end)
        {
            await AdvanceAsync(Step);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync();
        }

        await Server.DisposeAsync();
        _logs?.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Waits until nothing happens without the clock being advanced, or the process is killed.</summary>
    private async Task SettleAsync()
    {
        var life = Process.Life;
        var version = life.Version;
        var changedAt = TimeProvider.System.GetTimestamp();
        while (!life.HasEnded)
        {
            await WaitForWriterAsync();
            // What the writer has started is queued for the thread pool. Twice, since an attempt that has just been dequeued may not be counted yet.
            await WaitForQueuedWorkAsync();
            await WaitForQueuedWorkAsync();
            if (life.Version != version)
            {
                (version, changedAt) = (life.Version, TimeProvider.System.GetTimestamp());
            }
            else if (life.IsBlocked || TimeProvider.System.GetElapsedTime(changedAt) > MaxStall)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Waits until the inbox has committed what was posted before, and has started what became due by it: a duplicate is accepted after that.</summary>
    private Task WaitForWriterAsync() => AcceptAsync(new()
    {
        IdMessage = "idle",
        Instance = new() { IdInstance = PortalTable.InstanceWithoutPortal },
        RawStatus = "missed",
        Timestamp = Time.Start,
    });

    /// <summary>Waits until the thread pool has taken all work that was queued before.</summary>
    private static Task WaitForQueuedWorkAsync()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(static taken => taken.SetResult(), taken, preferLocal: false);
        return taken.Task;
    }

    private async Task StopAsync()
    {
        var stop = Process.KillAsync();
        while (await Task.WhenAny(stop, Task.Delay(StopGrace)) != stop)
        {
            // An attempt that does not react to its cancellation is waited for by the clock of the host.
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await stop;
    }
}
