using System.Text.Json.Serialization;

namespace IncomingCalls.Fakes.Crm;

/// <summary>What a request to a portal asks for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CrmOperation>))]
public enum CrmOperation
{
    /// <summary><c>POST oauth/token</c>.</summary>
    RefreshTokens,

    /// <summary><c>POST calls</c>.</summary>
    RegisterCall,

    /// <summary><c>GET calls?externalId=</c>.</summary>
    FindCalls,

    /// <summary><c>POST calls/{id}/finish</c>.</summary>
    FinishCall,

    /// <summary><c>PATCH calls/{id}</c>.</summary>
    ChangeCall,

    /// <summary><c>POST items</c>.</summary>
    OpenItem,

    /// <summary><c>GET items?person=</c>.</summary>
    FindItems,

    /// <summary><c>POST items/{id}/close</c>.</summary>
    CloseItem,

    /// <summary><c>GET contacts?phone=</c>.</summary>
    FindContacts,
}
