using System.Reflection.Metadata;
using System.Text.RegularExpressions;

namespace IncomingCalls.Conventions.Tests;

/// <summary>Tells of each type of the assembly that the arguments of an attribute name: <c>typeof(...)</c> is kept as a text.</summary>
internal sealed partial class AttributeTypes(IReadOnlyDictionary<string, TypeDefinitionHandle> types, Action<TypeDefinitionHandle> found)
    : ICustomAttributeTypeProvider<string>
{
    private const string SystemType = "System.Type";

    public string GetTypeFromSerializedName(string name)
    {
        // The name of a generic type holds those of its arguments.
        foreach (Match part in TypeName().Matches(name))
        {
            if (types.TryGetValue(part.Value, out var type))
            {
                found(type);
            }
        }

        return name;
    }

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        found(handle);
        return "";
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        reader.GetTypeReference(handle) is var type && reader.StringComparer.Equals(type.Namespace, "System") && reader.StringComparer.Equals(type.Name, "Type") ? SystemType : "";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";

    public string GetSZArrayType(string elementType) => "";

    public string GetSystemType() => SystemType;

    public bool IsSystemType(string type) => type == SystemType;

    /// <summary>No attribute of the packages takes an enumeration of another size.</summary>
    public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

    [GeneratedRegex(@"[\w.+`]+")]
    private static partial Regex TypeName();
}
