using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Interop.Sessions;

/// <summary>Where a server answers, and how.</summary>
/// <param name="Kind">How an object behind it is reached.</param>
/// <param name="Address">What a client is told, 1 to <see cref="Limits.MaxEndpointBytes"/> bytes of UTF-8; its meaning is the hosts'.</param>
public readonly record struct Endpoint(AccessPointKind Kind, string Address)
{
    /// <inheritdoc/>
    public override string ToString() => $"{AccessPointKinds.NameOf(Kind)} {Address}";
}

/// <summary>
/// The endpoints of a server, in its order, at most <see cref="Limits.MaxEndpointsPerServer"/>; a kind may come several times.
/// Two lists of the same endpoints are equal.
/// </summary>
[CollectionBuilder(typeof(EndpointList), nameof(Create))]
public sealed class EndpointList : IReadOnlyList<Endpoint>, IEquatable<EndpointList>
{
    private readonly ImmutableArray<Endpoint> _endpoints;

    private EndpointList(ImmutableArray<Endpoint> endpoints) => _endpoints = endpoints;

    /// <summary>Of a server that serves nothing.</summary>
    public static EndpointList Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _endpoints.Length;

    /// <inheritdoc/>
    public Endpoint this[int index] => _endpoints[index];

    /// <summary>For collection expressions.</summary>
    public static EndpointList Create(ReadOnlySpan<Endpoint> endpoints) => endpoints.IsEmpty ? Empty : new([.. endpoints]);

    /// <summary>The address that a find answers for a kind: the first of that kind; null: the server has none.</summary>
    public string? AddressOf(AccessPointKind kind)
    {
        foreach (Endpoint endpoint in _endpoints)
        {
            if (endpoint.Kind == kind)
            {
                return endpoint.Address;
            }
        }

        return null;
    }

    /// <summary>Each kind that there is an endpoint of, once.</summary>
    public IEnumerable<AccessPointKind> Kinds() => _endpoints.Select(endpoint => endpoint.Kind).Distinct();

    /// <inheritdoc/>
    public bool Equals(EndpointList? other) => other != null && _endpoints.AsSpan().SequenceEqual(other._endpoints.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EndpointList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (Endpoint endpoint in _endpoints)
        {
            hash.Add(endpoint);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _endpoints);

    /// <inheritdoc/>
    public IEnumerator<Endpoint> GetEnumerator() => ((IEnumerable<Endpoint>)_endpoints).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
