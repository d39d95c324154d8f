using IncomingCalls.GreenApi.Doctor;
using IncomingCalls.GreenApi.Instances;

namespace IncomingCalls;

/// <summary>
/// Finds out why no calls arrive: looks at the state, the settings, the queue and the clock of an instance, and at the webhook
/// that its notifications should reach. It changes nothing, and nothing that the network does makes it throw.
/// </summary>
/// <remarks>
/// A singleton that <c>AddGreenApi</c> registers; without a host, make one from <see cref="GreenApiClient.Create"/>. Safe from any
/// thread. Each examination asks three methods of the API once, and receives twice without deleting.
/// </remarks>
public sealed class CallDoctor
{
    /// <summary>Limits of the API are per instance; this one spares the host's connections.</summary>
    private const int MaxConcurrentExaminations = 8;

    private readonly GreenApiClient _client;
    private readonly TimeProvider _time;
    private readonly Func<long, bool> _isPolledHere;

    /// <summary>Makes a doctor for a programme without a host.</summary>
    /// <param name="client">Asks the API.</param>
    public CallDoctor(GreenApiClient client)
        : this(client, TimeProvider.System, static _ => false)
    {
    }

    internal CallDoctor(GreenApiClient client, TimeProvider time, Func<long, bool> isPolledHere)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_client, _time, _isPolledHere) = (client, time, isPolledHere);
    }

    /// <summary>Examines one instance. Takes a few seconds, mostly to see whether anybody else takes from the queue.</summary>
    /// <param name="instance">The instance; its <see cref="CallInstance.Receive"/> says how notifications should reach us.</param>
    /// <param name="options">What else to look at; null for the defaults, without a webhook.</param>
    /// <param name="cancellationToken">Ends the examination.</param>
    /// <returns>What was found. An API or a webhook that does not answer is a finding.</returns>
    /// <exception cref="ArgumentException"><paramref name="options"/> are out of range, or their address is not one of HTTP.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public async Task<DoctorReport> ExamineAsync(CallInstance instance, DoctorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instance);
        options ??= new();
        if (options.FindProblem() is { } complaint)
        {
            throw new ArgumentException(complaint, nameof(options));
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

    /// <summary>Examines several instances at once, those of a host for example (<see cref="ICallInstances.Current"/>).</summary>
    /// <param name="instances">The instances.</param>
    /// <param name="options">What else to look at, the same for all; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the examination.</param>
    /// <returns>What was found, in the order of the instances.</returns>
    /// <exception cref="ArgumentException"><paramref name="options"/> are out of range, or their address is not one of HTTP.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public async Task<IReadOnlyList<DoctorReport>> ExamineAllAsync(
        IEnumerable<CallInstance> instances, DoctorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instances);
        CallInstance[] all = [.. instances];
        var reports = new DoctorReport[all.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentExaminations, CancellationToken = cancellationToken };
        await Parallel.ForAsync(
            0, all.Length, parallel, async (i, cancelled) => reports[i] = await ExamineAsync(all[i], options, cancelled).ConfigureAwait(false)).ConfigureAwait(false);
        return reports;
    }

    private static bool CheckInstance(Examination examination)
    {
        var instance = examination.Instance;
        if (InstanceValidator.FindProblem(instance) is not { } complaint)
        {
            return true;
        }

        var isWebhookAlone = instance is { IdInstance: > 0, ApiTokenInstance: null, Receive: ReceiveMode.Webhook };
        examination.AddFinding(
            isWebhookAlone ? DoctorFindingCode.ApiTokenMissing : DoctorFindingCode.InstanceUnusable,
            $"Instance {instance.IdInstance} {complaint}");
        return false;
    }

    private async Task CheckApiAsync(Examination examination, CancellationToken cancellationToken)
    {
        if (!await StateCheck.RunAsync(examination, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        await SettingsCheck.RunAsync(examination, cancellationToken).ConfigureAwait(false);
        await QueueCheck.CheckLengthAsync(examination, cancellationToken).ConfigureAwait(false);
        // Whatever else stands against polling is told already.
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
