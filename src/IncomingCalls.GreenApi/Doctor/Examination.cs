using IncomingCalls.GreenApi.Client;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>The examination of one instance, with the findings so far.</summary>
internal sealed class Examination(CallInstance instance, DoctorOptions options, GreenApiClient client, TimeProvider time)
{
    private readonly List<DoctorFinding> _findings = [];

    public CallInstance Instance { get; } = instance;

    public DoctorOptions Options { get; } = options;

    public GreenApiClient Client { get; } = client;

    public TimeProvider Time { get; } = time;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>The known tokens of the webhook; several while a token is being replaced.</summary>
    public IReadOnlyList<string> WebhookTokens { get; } =
        [.. (options.WebhookToken is { } token ? [token] : instance.WebhookTokens ?? []).Where(token => !AuthorizationHeader.ExtractToken(token).IsEmpty)];

    /// <summary>The account of the instance; null while it is not known.</summary>
    public ChatId? Account { get; set; }

    public DoctorReport Report => new() { IdInstance = Instance.IdInstance, ExaminedAt = StartedAt, Account = Account, Findings = [.. _findings] };

    public void AddFinding(DoctorFindingCode code, string message) => _findings.Add(new(code, message));

    /// <summary>Calls a method of the API that may be called once per second.</summary>
    public Task<GreenApiResult<T>> SendAsync<T>(Func<GreenApiClient, Task<GreenApiResult<T>>> send, CancellationToken cancellationToken) =>
        RateLimitRetry.SendAsync(() => send(Client), Time, cancellationToken);

    public bool HasFinding(DoctorFindingCode code) => _findings.Exists(finding => finding.Code == code);

    /// <summary>
    /// Adds the finding for a failed request to the API. A finding is added only once, even if several methods fail in the same way.
    /// </summary>
    /// <returns>Whether further methods of the API can still succeed.</returns>
    public bool AddFailure<T>(string method, GreenApiResult<T> result)
    {
        var code = ToFindingCode(result.Status);
        if (!HasFinding(code))
        {
            AddFinding(code, $"{method} returned {result}.");
        }

        return code is not (DoctorFindingCode.ApiUnreachable or DoctorFindingCode.ApiUrlWrong or DoctorFindingCode.ApiTokenRefused
            or DoctorFindingCode.InstanceRefused or DoctorFindingCode.InstanceExpired);
    }

    private static DoctorFindingCode ToFindingCode(GreenApiStatus status) => status switch
    {
        GreenApiStatus.Unauthorized => DoctorFindingCode.ApiTokenRefused,
        GreenApiStatus.Forbidden => DoctorFindingCode.InstanceRefused,
        GreenApiStatus.NotFound or GreenApiStatus.InvalidResponse => DoctorFindingCode.ApiUrlWrong,
        GreenApiStatus.Expired => DoctorFindingCode.InstanceExpired,
        GreenApiStatus.Unreachable or GreenApiStatus.TimedOut => DoctorFindingCode.ApiUnreachable,
        GreenApiStatus.RateLimited => DoctorFindingCode.ApiBusy,
        GreenApiStatus.ServerError or GreenApiStatus.GatewayError => DoctorFindingCode.ApiFailing,
        GreenApiStatus.QuotaExceeded => DoctorFindingCode.QuotaExceeded,
        GreenApiStatus.NotAuthorized => DoctorFindingCode.InstanceNotAuthorized,
        GreenApiStatus.Starting => DoctorFindingCode.InstanceStarting,
        GreenApiStatus.WebhookUrlSet => DoctorFindingCode.PollingBlocked,
        _ => DoctorFindingCode.AnswerUnknown,
    };
}
