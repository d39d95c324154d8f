using IncomingCalls.GreenApi.Http;
using IncomingCalls.GreenApi.Models;
using IncomingCalls.GreenApi.Settings;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>Checks whether the webhook is reachable, accepts a notification with its token, and rejects one with a wrong token.</summary>
internal sealed class WebhookCheck(Examination examination, Uri address)
{
    private readonly string _server = WebhookAddress.OriginOf(address);

    public static Task RunAsync(Examination examination, Uri address, CancellationToken cancellationToken) => new WebhookCheck(examination, address).RunAsync(cancellationToken);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var result = await PostAsync(CreateAuthorizationHeader(examination.WebhookTokens), cancellationToken).ConfigureAwait(false);
        AddAnswer(result);
        if (result.Value is not { IsAcknowledgedByPage: false } response)
        {
            return;
        }

        // With any other response the webhook does not run yet or does not check tokens.
        if (response.Status is 200 or 401)
        {
            await CheckWrongTokenAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void AddAnswer(GreenApiResult<WebhookResponse> result)
    {
        if (result.Value is not { } response)
        {
            examination.AddFinding(DoctorFindingCode.WebhookUnreachable, $"{_server} could not be reached: {result}.");
            return;
        }

        var problem = WebhookAddressProblem.Find(address, response, showsPath: false);
        var code = response switch
        {
            { IsAcknowledgedByPage: true } => DoctorFindingCode.WebhookAnswersPage,
            { IsDropped: true } => DoctorFindingCode.WebhookDropsInstance,
            { Status: 200 } => DoctorFindingCode.WebhookAnswers,
            { Status: 401 } => DoctorFindingCode.WebhookRefusesToken,
            { Status: 403 } => DoctorFindingCode.WebhookRefusesSender,
            { Status: 404 or 405 } => DoctorFindingCode.WebhookNotFound,
            { Status: >= 300 and < 400 } when problem is not null => DoctorFindingCode.WebhookRedirects,
            _ => DoctorFindingCode.WebhookAnswersWrongly,
        };
        examination.AddFinding(code, problem ?? code switch
        {
            DoctorFindingCode.WebhookAnswersPage => $"{_server} responded with 200 and a web page{(response.Server is { } server ? $" ({server})" : "")}.",
            DoctorFindingCode.WebhookDropsInstance =>
                $"{_server} responded with 200 and dropped the notification, because the host does not know instance {examination.Instance.IdInstance}.",
            _ => $"{_server} responded with {response.Status}.",
        });
    }

    private async Task CheckWrongTokenAsync(CancellationToken cancellationToken)
    {
        var result = await PostAsync($"Bearer {Guid.NewGuid():N}", cancellationToken).ConfigureAwait(false);
        var code = result.HttpStatus switch
        {
            401 => DoctorFindingCode.WebhookGuarded,
            200 => DoctorFindingCode.WebhookUnguarded,
            _ => DoctorFindingCode.WebhookGuardUnclear,
        };
        examination.AddFinding(code, $"A request with a wrong token returned {(result.HttpStatus is { } status ? status : result)}.");
    }

    private Task<GreenApiResult<WebhookResponse>> PostAsync(string? authorization, CancellationToken cancellationToken) => examination.Client.PostNotificationAsync(
        new() { Address = address, Authorization = authorization, Utf8Json = WebhookProbe.CreateNotification(examination.Instance.IdInstance, examination.StartedAt) }, cancellationToken);

    /// <summary>Creates the header as the GREEN-API console does: the token follows the scheme Bearer unless it contains a scheme.</summary>
    private static string? CreateAuthorizationHeader(IReadOnlyList<string> tokens) => tokens is not [var token, ..] ? null
        : AuthorizationHeader.ExtractToken(token).Length < token.Trim().Length ? token.Trim()
        : $"Bearer {token.Trim()}";
}
