using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace IncomingCalls.Conventions.Tests;

/// <summary>The files that a type was compiled from, as the portable symbols name them.</summary>
internal static class SourceFiles
{
    // A type without instructions (an interface, an enumeration, constants) has its documents in a record of their own.
    private static readonly Guid TypeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    /// <summary>The files below <paramref name="tree"/>, as paths from there; none for a type that only a generator wrote.</summary>
    public static IEnumerable<string> Of(TypeDefinitionHandle type, MetadataReader metadata, MetadataReader symbols, string tree) =>
        Documents(type, metadata, symbols).Distinct()
            .Select(document => Below(tree, symbols.GetString(symbols.GetDocument(document).Name)))
            .OfType<string>().Distinct();

    /// <summary>Builds under CI write <c>/_/src/...</c>, others the path on the machine.</summary>
    public static string? Below(string tree, string document)
    {
        var path = document.Replace('\\', '/');
        var start = path.LastIndexOf($"/{tree}/", StringComparison.Ordinal);
        return start < 0 || path.Contains("/obj/", StringComparison.Ordinal) ? null : path[(start + tree.Length + 2)..];
    }

    private static IEnumerable<DocumentHandle> Documents(TypeDefinitionHandle handle, MetadataReader metadata, MetadataReader symbols)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetMethods()
            .SelectMany(method => symbols.GetMethodDebugInformation(method).GetSequencePoints())
            .Where(point => !point.IsHidden).Select(point => point.Document)
            .Concat(symbols.GetCustomDebugInformation(handle).Select(symbols.GetCustomDebugInformation)
                .Where(information => symbols.GetGuid(information.Kind) == TypeDefinitionDocuments)
                .SelectMany(information => Rows(symbols.GetBlobReader(information.Value))))
            .Concat(type.GetNestedTypes().SelectMany(nested => Documents(nested, metadata, symbols)));
    }

    private static List<DocumentHandle> Rows(BlobReader blob)
    {
        var rows = new List<DocumentHandle>();
        while (blob.RemainingBytes > 0)
        {
            rows.Add(MetadataTokens.DocumentHandle(blob.ReadCompressedInteger()));
        }

        return rows;
    }
}
