package web

import (
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// Family is a measurement with its values by label values. Exactly one of Counters, Gauges and Histograms is used.
type Family struct {
	Name, Help string
	Labels     []string // names of the labels; the keys below hold their values joined by spaces, "" where there are none
	Counters   map[string]uint64
	Gauges     map[string]float64
	Histograms map[string]Histogram
}

// Histogram is a distribution of seconds.
type Histogram struct {
	Count   uint64
	Sum     float64
	Buckets map[float64]uint64 // cumulative, by upper bound
}

// collector turns families into Prometheus' measurements. They are read anew at every request and described by what they are.
type collector func() []Family

// Describe sends nothing: the families are known when they are collected.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect sends the measurements of now.
func (c collector) Collect(out chan<- prometheus.Metric) {
	for _, f := range c() {
		desc := prometheus.NewDesc(f.Name, f.Help, f.Labels, nil)
		send := func(m prometheus.Metric, err error) {
			if err != nil {
				m = prometheus.NewInvalidMetric(desc, err)
			}
			out <- m
		}
		for _, key := range slices.Sorted(maps.Keys(f.Counters)) {
			send(prometheus.NewConstMetric(desc, prometheus.CounterValue, float64(f.Counters[key]), f.values(key)...))
		}
		for _, key := range slices.Sorted(maps.Keys(f.Gauges)) {
			send(prometheus.NewConstMetric(desc, prometheus.GaugeValue, f.Gauges[key], f.values(key)...))
		}
		for _, key := range slices.Sorted(maps.Keys(f.Histograms)) {
			h := f.Histograms[key]
			send(prometheus.NewConstHistogram(desc, h.Count, h.Sum, h.Buckets, f.values(key)...))
		}
	}
}

// values are a key's label values; the last takes what is left over.
func (f Family) values(key string) []string {
	if len(f.Labels) == 0 {
		return nil
	}
	out := make([]string, len(f.Labels))
	copy(out, strings.SplitN(key, " ", len(f.Labels)))
	return out
}
