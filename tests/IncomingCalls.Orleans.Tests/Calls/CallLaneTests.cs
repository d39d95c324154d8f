using System.Collections.Concurrent;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;

namespace IncomingCalls.Orleans.Tests.Calls;

/// <summary>The lanes of a call: each starts when it is due, or when the caller's name is known, independently of the others.</summary>
public class CallLaneTests
{
    private readonly EventRecorder _recorder = new();
    private readonly CallerDirectory _directory = new();
    private readonly RecordedChat _chat = new();

    [Fact]
    public async Task Record_CallerNameFound_IsWrittenWithTheNameBeforeItIsDue()
    {
        await using var node = await StartAsync(nameWait: TimeSpan.FromMinutes(1));
        await node.DeliverAsync(Node.CreateNotification("declined"));
        await Eventually.HoldsAsync(() => _recorder.Lines.Should().Equal(["Missed A"], "only the record waits for the name"));
        await Eventually.HoldsAsync(() => _directory.Queries.Should().Be(1));
        _chat.Records.Should().BeEmpty();

        _directory.Answer.SetResult(new() { Name = "Anna", Source = "directory" });

        await Eventually.HoldsAsync(() => _chat.Records.Should().ContainSingle().Which.Caller.Name.Should().Be("Anna"));
        _directory.Queries.Should().Be(1);
    }

    [Fact]
    public async Task Record_AnotherCallWaitsForItsName_HasASlot()
    {
        await using var node = await StartAsync(nameWait: TimeSpan.FromMinutes(1));
        await node.DeliverAsync(Node.CreateNotification("declined"));
        await Eventually.HoldsAsync(() => _directory.Queries.Should().Be(1));

        await node.DeliverAsync(Node.CreateNotification("declined", "anonymous") with { From = null });

        await Eventually.HoldsAsync(() => _chat.Records.Should().ContainSingle().Which.Call.Key.IdMessage.Should().Be("anonymous"));
        _directory.Answer.SetResult(null);
        await Eventually.HoldsAsync(() => _chat.Records.Should().HaveCount(2));
    }

    [Fact]
    public async Task Record_LookupFails_IsWrittenWithoutANameAndWithoutRepeatedLookups()
    {
        await using var node = await StartAsync(nameWait: TimeSpan.FromSeconds(2));
        _directory.Answer.SetException(new CallerNameUnavailableException("Not now."));

        await node.DeliverAsync(Node.CreateNotification("declined"));

        await Eventually.HoldsAsync(() => _chat.Records.Should().ContainSingle().Which.Caller.Name.Should().BeNull());
        _directory.Queries.Should().BeInRange(1, 2, "the grain awaits the lookup of the event, or starts one if it has ended");
    }

    [Fact]
    public async Task Record_LookupHangs_IsWrittenWhenItIsDue()
    {
        await using var node = await StartAsync(nameWait: TimeSpan.FromSeconds(2));
        await node.DeliverAsync(Node.CreateNotification("declined"));

        await Eventually.HoldsAsync(() => _chat.Records.Should().ContainSingle().Which.Caller.Name.Should().BeNull());
        _directory.Answer.SetResult(null);
    }

    [Fact]
    public async Task Deactivation_RecordWaitsForTheName_EndsTheWait()
    {
        await using var node = await StartAsync(nameWait: TimeSpan.FromMinutes(1));
        var grains = node.Services.GetRequiredService<IGrainFactory>();
        await node.DeliverAsync(Node.CreateNotification("declined"));
        await Eventually.HoldsAsync(() => _directory.Queries.Should().Be(1));

        await grains.GetGrain<ICallGrain>("1101000001/A").Cast<IGrainManagementExtension>().DeactivateOnIdle();

        await Eventually.HoldsAsync(async () => (await grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics())
            .Should().NotContain(grain => grain.GrainId.Type.ToString() == "incoming-calls.call"));
        _chat.Records.Should().BeEmpty();
        _directory.Answer.SetResult(null);
    }

    [Fact]
    public async Task Retry_AnotherHandlerIsRunning_StartsWhenItIsDue()
    {
        var go = new TaskCompletionSource();
        _recorder.BeforeRecording = (_, _, _) => go.Task;
        _directory.Answer.SetResult(null);
        // Without a timer of its own the lane would start with the wake-ups of the bucket, the second of which comes after 35 s.
        _chat.Failures = 3;
        await using var node = await StartAsync(nameWait: TimeSpan.Zero);

        await node.DeliverAsync(Node.CreateNotification("declined"));

        await Eventually.HoldsAsync(() => _chat.Records.Should().ContainSingle());
        _recorder.Events.Should().BeEmpty("the other handler is still running");
        go.SetResult();
    }

    private Task<Node> StartAsync(TimeSpan nameWait) => Node.StartAsync(
        services => SingleSiloCluster.Add(services, new TestStorage()),
        _recorder,
        calls =>
        {
            calls.Services.AddSingleton(_directory).AddSingleton(_chat);
            calls.AddCallerNames<CallerDirectory>().AddChatRecorder<RecordedChat>("chat");
            calls.Services.Configure<IncomingCallsOptions>(options =>
            {
                options.CallerNameWait = nameWait;
                options.MaxConcurrentAttemptsPerInstance = 1;
            });
        });

    private sealed class CallerDirectory : ICallerNameResolver
    {
        private int _queries;

        public TaskCompletionSource<CallerName?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Queries => Volatile.Read(ref _queries);

        public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _queries);
            return await Answer.Task.WaitAsync(cancellationToken);
        }
    }

    private sealed class RecordedChat : IChatRecorder
    {
        public ConcurrentQueue<ChatRecord> Records { get; } = [];

        public int Failures { get; set; }

        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
        {
            if (Failures > 0)
            {
                Failures--;
                throw new InvalidOperationException("Not yet.");
            }

            Records.Enqueue(record);
            return ValueTask.CompletedTask;
        }
    }
}
