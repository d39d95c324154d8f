using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.JournalTests;

/// <summary>A simulated gateway and one process after another on one SQLite file, all on one clock. Not thread-safe.</summary>
internal sealed class JournalWorld : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    /// <summary>The step of an advance of at least <see cref="LongAdvance"/>.</summary>
    private static readonly TimeSpan LongStep = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongAdvance = TimeSpan.FromHours(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-journal-");
    private readonly RequestsInFlight _requests = new();
    private readonly CallJournalUse _journal;
    private IHost? _host;

    private JournalWorld(GreenApiSimulator simulator, FakeTimeProvider time, SimulatedInstance[] instances, CallJournalUse journal)
    {
        (Simulator, Time, Instances, _journal) = (simulator, time, instances, journal);
        Log = new(time);
    }

    public GreenApiSimulator Simulator { get; }

    public FakeTimeProvider Time { get; }

    public IReadOnlyList<SimulatedInstance> Instances { get; }

    public EventLog Log { get; }

    public ICallInboxAdministration Administration => _host!.Services.GetRequiredService<ICallInboxAdministration>();

    public static async Task<JournalWorld> CreateAsync(CampaignOptions options)
    {
        var time = new FakeTimeProvider(new(2026, 10, 7, 9, 0, 0, TimeSpan.Zero));
        var simulator = await GreenApiSimulator.StartAsync(settings => settings.TimeProvider = time);
        var instances = Enumerable.Range(0, options.Instances).Select(_ =>
        {
            var instance = simulator.AddInstance();
            instance.CallQuirks = options.CallQuirk;
            instance.GatewayQuirks = options.IsJournalOff ? GatewayQuirks.JournalOff : GatewayQuirks.None;
            instance.Settings.OutgoingCallWebhook = true;
            return instance;
        }).ToArray();
        return new(simulator, time, instances, options.Journal);
    }

    public async Task StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(Time).AddSingleton(Log);
        builder.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new RequestsInFlight.Counter(_requests)));
        builder.Services.AddIncomingCalls()
            .UseScenario(CallScenario.AllStatuses)
            .UseSqliteInbox(options => (options.Path, options.LockTimeout) = (Path.Combine(_folder.FullName, "calls.db"), TimeSpan.Zero))
            .AddGreenApi(options =>
            {
                (options.CallJournal, options.CallerNames) = (_journal, false);
                options.Instances =
                [
                    .. Instances.Select(instance => new GreenApiInstanceOptions
                    {
                        IdInstance = instance.IdInstance,
                        ApiTokenInstance = instance.ApiTokenInstance,
                        ApiUrl = Simulator.ApiUrl.AbsoluteUri,
                        Receive = ReceiveMode.Webhook,
                    }),
                ];
            })
            .AddHandler<RecordingHandler>(static options => (options.Name, options.Directions) = ("recorder", [CallDirection.Incoming, CallDirection.Outgoing]))
            .AddOperatorNotifier<RecordingNotifier>("alerts");
        _host = builder.Build();
        await _host.StartAsync();
    }

    /// <summary>Ends the process, with or without a drain, and starts the next one.</summary>
    public async Task RestartAsync(bool drains)
    {
        var host = _host!;
        await host.StopAsync(new CancellationToken(canceled: !drains)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        host.Dispose();
        await StartAsync();
    }

    /// <summary>Passes a notification to the host, as a transport does.</summary>
    public async Task DeliverAsync(ReadOnlyMemory<byte> body) => await _host!.Services.GetRequiredService<ICallIntake>().AcceptAsync(body);

    /// <summary>Advances the clock, in steps in which nothing happens any more.</summary>
    public async Task AdvanceAsync(TimeSpan duration)
    {
        var step = duration < LongAdvance ? Step : LongStep;
        for (var end = Time.GetUtcNow() + duration; ;)
        {
            await SettleAsync();
            var left = end - Time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            Time.Advance(left < step ? left : step);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is { } host)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await Simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Waits until no request is in flight and no delivery is due: a request would time out by a clock that is advanced meanwhile.</summary>
    private async Task SettleAsync()
    {
        do
        {
            await _requests.WaitUntilNoneAsync();
            await _host!.WaitUntilIdleAsync();
        }
        while (_requests.Count > 0);
    }
}

/// <summary>The requests that wait for an answer. Thread-safe.</summary>
internal sealed class RequestsInFlight
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _none;

    public int Count { get; private set; }

    public Task WaitUntilNoneAsync()
    {
        lock (_gate)
        {
            return Count == 0 ? Task.CompletedTask : (_none ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void Add(int difference)
    {
        lock (_gate)
        {
            Count += difference;
            if (Count == 0)
            {
                _none?.TrySetResult();
                _none = null;
            }
        }
    }

    /// <summary>Counts the requests of a client.</summary>
    internal sealed class Counter(RequestsInFlight requests) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            requests.Add(1);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                requests.Add(-1);
            }
        }
    }
}
