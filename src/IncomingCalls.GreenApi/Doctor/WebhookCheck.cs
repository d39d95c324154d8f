using System.Buffers;
using System.Text.Json;
using IncomingCalls.GreenApi.Settings;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>Checks whether the webhook is reachable, accepts a notification with its token, and rejects one with a wrong token.</summary>
internal static class WebhookCheck
{
    /// <summary>Longer than the timeout of a handler of the host, and shorter than the time that the gateway waits.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(40);

    public static async Task RunAsync(Examination examination, Uri address, CancellationToken cancellationToken)
    {
        var server = WebhookAddress.OriginOf(address);
        var body = CreateProbeNotification(examination);
        var result = await examination.Client
            .PostNotificationAsync(address, CreateAuthorizationHeader(examination.WebhookTokens), body, ResponseTimeout, cancellationToken).ConfigureAwait(false);
        var code = result.HttpStatus switch
        {
            200 => DoctorFindingCode.WebhookAnswers,
            401 => DoctorFindingCode.WebhookRefusesToken,
            403 => DoctorFindingCode.WebhookRefusesSender,
            null => DoctorFindingCode.WebhookUnreachable,
            _ => DoctorFindingCode.WebhookAnswersWrongly,
        };
        examination.AddFinding(code, result.HttpStatus is null ? $"{server} could not be reached: {result}." : $"{server} responded with {result.HttpStatus}.");
        // With any other response the webhook does not run yet or does not check tokens.
        if (result.HttpStatus is 200 or 401)
        {
            await CheckWrongTokenAsync(examination, address, body, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task CheckWrongTokenAsync(Examination examination, Uri address, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var result = await examination.Client
            .PostNotificationAsync(address, $"Bearer {Guid.NewGuid():N}", body, ResponseTimeout, cancellationToken).ConfigureAwait(false);
        var code = result.HttpStatus switch
        {
            401 => DoctorFindingCode.WebhookGuarded,
            200 => DoctorFindingCode.WebhookUnguarded,
            _ => DoctorFindingCode.WebhookGuardUnclear,
        };
        examination.AddFinding(code, $"A request with a wrong token returned {(result.HttpStatus is { } status ? status : result)}.");
    }

    /// <summary>Creates the header as the GREEN-API console does: the token follows the scheme Bearer unless it contains a scheme.</summary>
    private static string? CreateAuthorizationHeader(IReadOnlyList<string> tokens) => tokens is not [var token, ..] ? null
        : AuthorizationHeader.ExtractToken(token).Length < token.Trim().Length ? token.Trim()
        : $"Bearer {token.Trim()}";

    /// <summary>Creates a notification of a type without a handler. Messages and states could have an effect in the host.</summary>
    private static ReadOnlyMemory<byte> CreateProbeNotification(Examination examination)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("typeWebhook"u8, "incomingCallsDoctor"u8);
            writer.WriteStartObject("instanceData"u8);
            writer.WriteNumber("idInstance"u8, examination.Instance.IdInstance);
            writer.WriteString("wid"u8, ""u8);
            writer.WriteString("typeInstance"u8, "whatsapp"u8);
            writer.WriteEndObject();
            writer.WriteNumber("timestamp"u8, examination.StartedAt.ToUnixTimeSeconds());
            writer.WriteEndObject();
        }

        return body.WrittenMemory;
    }
}
