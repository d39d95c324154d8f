using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>The operations on call records.</summary>
internal static class CallMethods
{
    private const string Inbound = "inbound";
    private const string Outbound = "outbound";
    private const int EntityNotFound = 263;

    public static CrmResponse Register(PortalRequest request)
    {
        if (!request.TryReadBody<RegisterCallBody>(out var body, out var refusal))
        {
            return refusal;
        }

        var errors = FindErrors(request, body).ToArray();
        if (errors.Length > 0)
        {
            return CrmResponse.Invalid(errors);
        }

        if (request.Portal.ContactRecords.FindOrCreate(body.Phone!, body.CreateContact) is not { } contact)
        {
            // Reported (amoCRM): 400 with the error 263, which is not the form of a validation error.
            return CrmResponse.Problem(
                StatusCodes.Status400BadRequest, "Entity not found", "No contact has this phone number", ("errors", new[] { new { title = "Entity not found", status = EntityNotFound } }));
        }

        // Documented (Bitrix24): a repetition has the same answer as the first registration, with the id of its record.
        var call = request.Portal.CallRecords.Register(body.ExternalId!, body.Phone!, body.Direction!, contact.Id);
        return CrmResponse.Json(new { call.Id, call.ContactId });
    }

    /// <summary>Lists the records of an external id. Documented (Bitrix24): by the call statistics, which need a right of their own.</summary>
    public static CrmResponse Find(PortalRequest request)
    {
        if (!request.Portal.Options.AllowsReadingCalls)
        {
            return CrmResponse.Problem(StatusCodes.Status403Forbidden, "Forbidden", "The user may not read calls", ("error", "ACCESS_DENIED"));
        }

        return request.GetQueryValue("externalId") is { Length: > 0 } externalId
            ? CrmResponse.List(request.Portal.CallRecords.Find(externalId))
            : CrmResponse.Invalid(InvalidValue.Missing("externalId"));
    }

    public static CrmResponse Finish(PortalRequest request)
    {
        if (!request.TryReadBody<FinishCallBody>(out var body, out var refusal))
        {
            return refusal;
        }

        if (string.IsNullOrEmpty(body.Outcome))
        {
            return CrmResponse.Invalid(InvalidValue.Missing("outcome"));
        }

        return Answer(request.Portal.CallRecords.Finish(request.RecordId, body.Outcome, body.DurationSeconds, body.Text));
    }

    public static CrmResponse Change(PortalRequest request)
    {
        if (!request.TryReadBody<ChangeCallBody>(out var body, out var refusal))
        {
            return refusal;
        }

        return body.Text is null ? CrmResponse.Invalid(InvalidValue.Missing("text")) : Answer(request.Portal.CallRecords.Change(request.RecordId, body.Text));
    }

    /// <summary>Documented (Bitrix24): "Call is not found (call should be registered prior to finishing)"; the status 404 is assumed.</summary>
    private static CrmResponse Answer(CallRecord? call) => call is null ? CrmResponse.NotFound("Call is not found") : CrmResponse.Json(new { call.Id });

    private static IEnumerable<InvalidValue> FindErrors(PortalRequest request, RegisterCallBody body)
    {
        if (string.IsNullOrEmpty(body.ExternalId))
        {
            // Documented (Bitrix24): optional. That it is required is assumed: without it, two calls of one number become one record (reported).
            yield return InvalidValue.Missing("externalId");
        }

        if (body.Direction is not (Inbound or Outbound))
        {
            // Documented (amoCRM), with this code.
            yield return new("NotSupportedChoice", "direction", "The value you selected is not a valid choice.");
        }

        if (request.FindPhoneError(body.Phone) is { } error)
        {
            yield return error;
        }
    }
}
