using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>One instance under examination, and what was found so far.</summary>
internal sealed class Examination(CallInstance instance, DoctorOptions options, GreenApiClient client, TimeProvider time)
{
    private readonly List<DoctorFinding> _findings = [];

    public CallInstance Instance { get; } = instance;

    public DoctorOptions Options { get; } = options;

    public GreenApiClient Client { get; } = client;

    public TimeProvider Time { get; } = time;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>The tokens that our webhook takes, as far as anybody told; several while one is exchanged.</summary>
    public IReadOnlyList<string> WebhookTokens { get; } =
        [.. (options.WebhookToken is { } token ? [token] : instance.WebhookTokens ?? []).Where(token => !AuthorizationHeader.ExtractToken(token).IsEmpty)];

    public DoctorReport Report => new() { IdInstance = Instance.IdInstance, ExaminedAt = StartedAt, Findings = [.. _findings] };

    public void AddFinding(DoctorFindingCode code, string seen) => _findings.Add(new(code, seen));

    public bool HasFinding(DoctorFindingCode code) => _findings.Exists(finding => finding.Code == code);

    /// <summary>Adds what a failure of the API means, once however many methods fail in the same way.</summary>
    /// <returns>Whether it makes sense to ask further methods.</returns>
    public bool AddFailure<T>(string method, GreenApiResult<T> answer)
    {
        var code = ToFindingCode(answer.Status);
        if (!HasFinding(code))
        {
            AddFinding(code, $"{method} was answered {answer}.");
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
