using IncomingCalls.GreenApi.Doctor;
using IncomingCalls.GreenApi.Instances;

namespace IncomingCalls;

/// <summary>
/// Finds out why no calls arrive: checks the state, the settings, the queue and the clock of an instance, and the webhook that its
/// notifications should reach. It changes nothing, and network failures are findings, not exceptions.
/// </summary>
/// <remarks>
/// A singleton that <c>AddGreenApi</c> registers; without a host, create one with a client from <see cref="GreenApiClient.Create"/>. It is
/// thread-safe. Each examination calls three methods of the API once, or again after 429, and receives up to twice without deleting.
/// </remarks>
public sealed class CallDoctor
{
    /// <summary>The rate limits of the API are per instance; this limit protects the connections of the host.</summary>
    private const int MaxConcurrentExaminations = 8;

    private readonly GreenApiClient _client;
    private readonly TimeProvider _time;
    private readonly Func<long, bool> _isPolledHere;

    /// <summary>Initializes a new instance for a program without a host.</summary>
    /// <param name="client">The client of the API.</param>
    public CallDoctor(GreenApiClient client)
        : this(client, TimeProvider.System, static _ => false)
    {
    }

    internal CallDoctor(GreenApiClient client, TimeProvider time, Func<long, bool> isPolledHere)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_client, _time, _isPolledHere) = (client, time, isPolledHere);
    }

    /// <summary>Examines one instance. This takes a few seconds, mostly to detect another consumer of the queue.</summary>
    /// <param name="instance">The instance; its <see cref="CallInstance.Receive"/> determines how notifications should reach the host.</param>
    /// <param name="options">The options of the examination; null for the defaults, which do not check a webhook.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains the findings. An API or a webhook that does not respond is a finding.</returns>
    /// <exception cref="ArgumentException"><paramref name="options"/> are out of range, or their address is not an http or https address.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<DoctorReport> ExamineAsync(CallInstance instance, DoctorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instance);
        options ??= new();
        if (options.FindProblem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        var examination = new Examination(instance, options, _client, _time);
        if (CheckInstance(examination))
        {
            await CheckApiAsync(examination, cancellationToken).ConfigureAwait(false);
        }

        if (options.WebhookUrl is { } address)
        {
            await WebhookCheck.RunAsync(examination, address, cancellationToken).ConfigureAwait(false);
        }

        return examination.Report;
    }

    /// <summary>
    /// Examines several instances in parallel, for example those of a host (<see cref="ICallInstances.Current"/>), and compares their accounts.
    /// </summary>
    /// <param name="instances">The instances.</param>
    /// <param name="options">The options of the examination, the same for all instances; null for the defaults.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains the reports in the order of the instances.</returns>
    /// <exception cref="ArgumentException"><paramref name="options"/> are out of range, or their address is not an http or https address.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<IReadOnlyList<DoctorReport>> ExamineAllAsync(
        IEnumerable<CallInstance> instances, DoctorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instances);
        var reports = await ExamineEachAsync([.. instances], options, cancellationToken).ConfigureAwait(false);
        var shared = SharedAccountCheck.Run(reports).ToLookup(found => found.Report, found => found.Finding);
        return [.. reports.Select(report => shared[report].Aggregate(report, static (report, finding) => report.With(finding)))];
    }

    /// <summary>Examines several instances in parallel, without comparing their accounts.</summary>
    internal async Task<IReadOnlyList<DoctorReport>> ExamineEachAsync(CallInstance[] all, DoctorOptions? options, CancellationToken cancellationToken)
    {
        var reports = new DoctorReport[all.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentExaminations, CancellationToken = cancellationToken };
        await Parallel.ForAsync(
            0, all.Length, parallel, async (i, cancelled) => reports[i] = await ExamineAsync(all[i], options, cancelled).ConfigureAwait(false)).ConfigureAwait(false);
        return reports;
    }

    private static bool CheckInstance(Examination examination)
    {
        var instance = examination.Instance;
        if (InstanceValidator.FindProblem(instance) is not { } problem)
        {
            return true;
        }

        var isWebhookOnly = instance is { IdInstance: > 0, ApiTokenInstance: null, Receive: ReceiveMode.Webhook };
        examination.AddFinding(
            isWebhookOnly ? DoctorFindingCode.ApiTokenMissing : DoctorFindingCode.InstanceUnusable,
            $"Instance {instance.IdInstance} cannot be used with the API. {problem}");
        return false;
    }

    private async Task CheckApiAsync(Examination examination, CancellationToken cancellationToken)
    {
        if (!await StateCheck.RunAsync(examination, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        await SettingsCheck.RunAsync(examination, cancellationToken).ConfigureAwait(false);
        if (examination.Instance.Receive == ReceiveMode.Journal)
        {
            // The queue belongs to another integration.
            return;
        }

        await QueueCheck.CheckLengthAsync(examination, cancellationToken).ConfigureAwait(false);
        // In all other cases the reason why polling is not possible has already been added.
        var canReceive = examination.HasFinding(DoctorFindingCode.InstanceAuthorized) && examination.HasFinding(DoctorFindingCode.PollingPossible);
        if (!canReceive || examination.Options.ConsumerWatchDuration is not { } watch)
        {
            return;
        }

        if (_isPolledHere(examination.Instance.IdInstance))
        {
            examination.AddFinding(DoctorFindingCode.ConsumerIsThisHost, "This host polls the instance.");
        }
        else
        {
            await QueueCheck.CheckConsumersAsync(examination, watch, cancellationToken).ConfigureAwait(false);
        }
    }
}
