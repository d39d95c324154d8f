namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>Finds the operation of a method and path.</summary>
internal static class PortalRoutes
{
    public static (CrmOperation? Operation, string RecordId) Find(string method, string[] path) => (method, path) switch
    {
        ("POST", ["oauth", "token"]) => (CrmOperation.RefreshTokens, ""),
        ("POST", ["calls"]) => (CrmOperation.RegisterCall, ""),
        ("GET", ["calls"]) => (CrmOperation.FindCalls, ""),
        ("POST", ["calls", var id, "finish"]) => (CrmOperation.FinishCall, id),
        ("PATCH", ["calls", var id]) => (CrmOperation.ChangeCall, id),
        ("POST", ["items"]) => (CrmOperation.OpenItem, ""),
        ("GET", ["items"]) => (CrmOperation.FindItems, ""),
        ("POST", ["items", var id, "close"]) => (CrmOperation.CloseItem, id),
        ("GET", ["contacts"]) => (CrmOperation.FindContacts, ""),
        _ => (null, ""),
    };

    public static CrmResponse Execute(PortalRequest request) => request.Operation switch
    {
        CrmOperation.RefreshTokens => TokenMethods.Refresh(request),
        CrmOperation.RegisterCall => CallMethods.Register(request),
        CrmOperation.FindCalls => CallMethods.Find(request),
        CrmOperation.FinishCall => CallMethods.Finish(request),
        CrmOperation.ChangeCall => CallMethods.Change(request),
        CrmOperation.OpenItem => ItemMethods.Open(request),
        CrmOperation.FindItems => ItemMethods.Find(request),
        CrmOperation.CloseItem => ItemMethods.Close(request),
        CrmOperation.FindContacts => ContactMethods.Find(request),
        _ => CrmResponse.NotFound("Unknown method or path"),
    };
}
