using IncomingCalls.Instances;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Tests.Instances;

public class CallInstancesTests
{
    [Fact]
    public async Task AcceptAsync_UnknownInstance_IsAcknowledgedAndDropped()
    {
        var source = new MutableInstanceSource(new CallInstance { IdInstance = 7 });
        await using var host = await StartAsync(source);

        var result = await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        result.Should().BeEquivalentTo(new { Outcome = IntakeOutcome.Refused, ShouldAcknowledge = true });
        host.Recorder.Lines.Should().BeEmpty();
        source.FindCount.Should().Be(1, "the source is queried once more");
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Message.Contains("1101000001 is not known"));
    }

    [Fact]
    public async Task AcceptAsync_FloodFromUnknownInstance_DoesNotFloodTheSources()
    {
        var source = new MutableInstanceSource();
        await using var host = await StartAsync(source);

        for (var i = 0; i < 100; i++)
        {
            await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", id: $"{i}"));
        }

        source.FindCount.Should().Be(1);
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        source.Add(new() { IdInstance = 1101000001 }, notify: false);
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Stored, "the instances are reloaded within seconds even without a change notification");
    }

    [Fact]
    public async Task Watch_InstanceAddedAndRemoved_IsFollowed()
    {
        var source = new MutableInstanceSource();
        await using var host = await StartAsync(source);
        var instances = host.Services.GetRequiredService<ICallInstances>();

        var changed = NextChangeAsync(instances);
        source.Add(new() { IdInstance = 1101000001, Scenario = CallScenario.Ignore });
        await changed;
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Discarded);

        changed = NextChangeAsync(instances);
        source.Remove(1101000001);
        await changed;
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", id: "B"))).Outcome.Should().Be(IntakeOutcome.Refused);
    }

    [Fact]
    public async Task AcceptAsync_ScenarioInOptions_OverridesTheInstance()
    {
        await using var host = await StartAsync(
            new MutableInstanceSource(new CallInstance { IdInstance = 1101000001, Scenario = CallScenario.Ignore }),
            options => options.InstanceScenarios = new Dictionary<long, CallScenario> { [1101000001] = CallScenario.ResultOnly });

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Tracked);
    }

    [Fact]
    public async Task AcceptAsync_CultureOfInstance_OverridesTheOptions()
    {
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<IInstanceSource>(new MutableInstanceSource(new CallInstance { IdInstance = 1101000001, Culture = "ru" }));
                builder.AddChatRecorder<RecordingChatRecorder>();
            },
            options => options.Culture = "he");

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        host.Recorder.Lines.Single().Should().StartWith("record Пропущенный звонок");
    }

    [Fact]
    public async Task AcceptAsync_SourceFails_IsNotAcknowledged()
    {
        await using var host = await StartAsync(new MutableInstanceSource { Fails = true });

        await FluentActions.Awaiting(() => host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    [Fact]
    public async Task Watch_SourceFailsLater_UsesTheLastInstancesAndRecovers()
    {
        var source = new MutableInstanceSource(new CallInstance { IdInstance = 1101000001 });
        await using var host = await StartAsync(source);
        var instances = host.Services.GetRequiredService<ICallInstances>();

        // Armed first: the source may be read again at any moment from here on.
        var changed = NextChangeAsync(instances);
        source.Fails = true;
        source.Add(new() { IdInstance = 7 });
        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);

        source.Fails = false;
        while (!changed.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        instances.Find(7).Should().NotBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_SourceCannotBeWatched_IsPolledAgainLater(bool throws)
    {
        var source = new MutableInstanceSource { WatchThrows = throws, IsStale = !throws };
        await using var host = await StartAsync(source);
        var instances = host.Services.GetRequiredService<ICallInstances>();
        var changed = NextChangeAsync(instances);
        source.Add(new() { IdInstance = 7 }, notify: false);

        for (var turn = 0; turn < 200; turn++)
        {
            await Task.Run(static () => { });
        }

        source.GetAllCount.Should().BeLessThan(5, "nothing is reloaded before the clock advances");
        while (!changed.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        instances.Find(7).Should().NotBeNull();
    }

    [Fact]
    public async Task Start_DuplicateInstance_UsesTheFirstAndLogs()
    {
        await using var host = await StartAsync(new MutableInstanceSource(
            new CallInstance { IdInstance = 7, Culture = "ru" },
            new CallInstance { IdInstance = 7, Culture = "he" }));

        host.Services.GetRequiredService<ICallInstances>().Find(7)!.Culture.Should().Be("ru");
        host.Logs.GetSnapshot().Should().Contain(record => record.Message.Contains("listed twice"));
    }

    [Fact]
    public void ToString_Instance_ShowsNoToken() =>
        $"{new CallInstance { IdInstance = 7, ApiTokenInstance = "secret", WebhookTokens = ["secret"] }}".Should().Be("instance 7");

    [Fact]
    public async Task FindAsync_ManyConcurrently_FindsAll()
    {
        var source = new MutableInstanceSource();
        await using var host = await StartAsync(source);
        var instances = host.Services.GetRequiredService<ICallInstances>();
        for (var id = 1; id <= 500; id++)
        {
            source.Add(new() { IdInstance = id }, notify: false);
        }

        await Parallel.ForAsync(1, 501, async (id, cancellationToken) => await instances.FindAsync(id, cancellationToken));

        instances.Current.Should().HaveCount(500);
    }

    /// <summary>A source that reads a database creates new objects at every read.</summary>
    [Fact]
    public async Task Load_SourceReturnsEqualInstances_NotifiesAndLogsNothing()
    {
        var source = new MutableInstanceSource(Full());
        var logger = new FakeLogger<CallInstances>();
        var instances = new CallInstances([source], TimeProvider.System, logger);
        await instances.LoadAsync(CancellationToken.None);
        var before = logger.Collector.Count;
        var watched = instances.Watch();

        source.Replace(Full());
        await instances.LoadAsync(CancellationToken.None);

        watched.HasChanged.Should().BeFalse();
        logger.Collector.Count.Should().Be(before);
    }

    public static TheoryData<string, CallInstance> Changes { get; } = new()
    {
        { nameof(CallInstance.ApiUrl), Full(apiUrl: "https://7104.api.greenapi.com") },
        { nameof(CallInstance.ApiTokenInstance), Full(apiToken: "second-token") },
        { nameof(CallInstance.Receive), Full(receive: ReceiveMode.Polling) },
        { nameof(CallInstance.Scenario), Full(scenario: CallScenario.Ignore) },
        { nameof(CallInstance.Culture), Full(culture: "he") },
        { nameof(CallInstance.Name), Full(name: "Support") },
        { nameof(CallInstance.Account), Full(account: "umbrella") },
        { nameof(CallInstance.TimeZone), Full(timeZone: "Asia/Almaty") },
        { nameof(CallInstance.Labels), Full(labels: new() { [CallLabel.MissedCall] = "Lost", [CallLabel.AnsweredCall] = "Talked" }) },
        { nameof(CallInstance.Labels), Full(labels: []) },
        { nameof(CallInstance.WebhookTokens), Full(webhookTokens: ["a", "c"]) },
        { nameof(CallInstance.WebhookTokens), Full(webhookTokens: ["a", "b", "c"]) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Load_OnePropertyDiffers_NotifiesAndLogsTheChange(string property, CallInstance changed)
    {
        var source = new MutableInstanceSource(Full());
        var logger = new FakeLogger<CallInstances>();
        var instances = new CallInstances([source], TimeProvider.System, logger);
        await instances.LoadAsync(CancellationToken.None);
        var watched = instances.Watch();

        source.Replace(changed);
        await instances.LoadAsync(CancellationToken.None);

        watched.HasChanged.Should().BeTrue($"{property} differs");
        instances.Find(7).Should().BeSameAs(changed);
        logger.LatestRecord.Message.Should().Contain("changed: 1");
    }

    [Fact]
    public void Changes_AnyPropertyOfAnInstance_AreTriedAbove() =>
        typeof(CallInstance).GetProperties().Select(property => property.Name).Should()
            .BeEquivalentTo(Changes.Select(change => (string)change[0]).Distinct().Append(nameof(CallInstance.IdInstance)));

    /// <summary>A source may return a list that it changes later.</summary>
    [Fact]
    public async Task Load_ListOfTokensWasEdited_Signals()
    {
        List<string> tokens = ["a"];
        var source = new MutableInstanceSource(Full(webhookTokens: tokens));
        var instances = new CallInstances([source], TimeProvider.System, new FakeLogger<CallInstances>());
        await instances.LoadAsync(CancellationToken.None);
        var watched = instances.Watch();

        tokens.Add("b");
        source.Replace(Full(webhookTokens: tokens));
        await instances.LoadAsync(CancellationToken.None);

        watched.HasChanged.Should().BeTrue();
    }

    private static CallInstance Full(
        string apiUrl = "https://7103.api.greenapi.com",
        string apiToken = "first-token",
        ReceiveMode receive = ReceiveMode.Webhook,
        CallScenario scenario = CallScenario.ResultOnly,
        string culture = "ru",
        string name = "Sales",
        string account = "acme",
        string timeZone = "Europe/Moscow",
        Dictionary<CallLabel, string>? labels = null,
        IReadOnlyList<string>? webhookTokens = null) => new()
        {
            IdInstance = 7,
            ApiUrl = new(apiUrl),
            ApiTokenInstance = apiToken,
            Receive = receive,
            Scenario = scenario,
            Culture = culture,
            Name = name,
            Account = account,
            TimeZone = timeZone,
            Labels = labels ?? new() { [CallLabel.MissedCall] = "Lost" },
            WebhookTokens = webhookTokens ?? ["a", "b"],
        };

    private static Task<TestHost> StartAsync(MutableInstanceSource source, Action<IncomingCallsOptions>? options = null) =>
        TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<IInstanceSource>(source);
                builder.AddHandler<RecordingHandler>();
            },
            options);

    private static Task NextChangeAsync(ICallInstances instances)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        instances.Watch().RegisterChangeCallback(_ => changed.TrySetResult(), null);
        return changed.Task;
    }

    private sealed class MutableInstanceSource(params CallInstance[] instances) : IInstanceSource
    {
        private readonly List<CallInstance> _instances = [.. instances];
        private CancellationTokenSource _changed = new();

        public bool Fails { get; set; }

        public bool WatchThrows { get; set; }

        public bool IsStale { get; set; }

        public int GetAllCount { get; private set; }

        public int FindCount { get; private set; }

        public void Add(CallInstance instance, bool notify = true)
        {
            _instances.Add(instance);
            if (notify)
            {
                NotifyChanged();
            }
        }

        public void Replace(CallInstance instance)
        {
            _instances.Clear();
            _instances.Add(instance);
        }

        public void Remove(long idInstance)
        {
            _instances.RemoveAll(instance => instance.IdInstance == idInstance);
            NotifyChanged();
        }

        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken)
        {
            GetAllCount++;
            return Fails ? throw new InvalidOperationException("database down") : new([.. _instances]);
        }

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken)
        {
            FindCount++;
            return Fails ? throw new InvalidOperationException("database down") : new(_instances.Find(instance => instance.IdInstance == idInstance));
        }

        public IChangeToken Watch() => WatchThrows ? throw new InvalidOperationException("database down")
            : IsStale ? new CancellationChangeToken(new CancellationToken(canceled: true))
            : new CancellationChangeToken(_changed.Token);

        private void NotifyChanged()
        {
            var previous = _changed;
            _changed = new();
            previous.Cancel();
        }
    }
}
